#!/bin/sh
# Makes DutylogKitFFI.xcframework for phones, simulators and the Mac, and a zip of it with its checksum. On macOS, with Xcode and rustup:
#
#   rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin
#   ./xcframework.sh
set -eu

if [ "$(uname -s)" != Darwin ]; then
    echo "xcframework.sh: an XCFramework is made on macOS with Xcode; here, generate.sh makes what the tests need" >&2
    exit 1
fi
for tool in cargo lipo xcodebuild swift; do
    command -v "$tool" >/dev/null || { echo "xcframework.sh: $tool is not on the PATH" >&2; exit 1; }
done

package=$(cd "$(dirname "$0")" && pwd)
cd "$package/../.."
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')

# What the manifest of the package says.
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0
for system in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
    cargo build --profile phone --package dutylog-mobile --lib --target "$system"
done

built() { echo "$target/$1/phone/libdutylog.a"; }

# One library for each kind of device: a slice holds all its architectures.
joined=$(mktemp -d)
trap 'rm -rf "$joined"' EXIT
mkdir "$joined/simulator" "$joined/mac"
lipo -create "$(built aarch64-apple-ios-sim)" "$(built x86_64-apple-ios)" -output "$joined/simulator/libdutylog.a"
lipo -create "$(built aarch64-apple-darwin)" "$(built x86_64-apple-darwin)" -output "$joined/mac/libdutylog.a"

# The sources and the header belong to this very library.
DUTYLOG_LIBRARY=$(built aarch64-apple-ios) "$package/generate.sh"

# `Headers` holds a folder that bears the module's name: in an app, other packages' headers lie beside it.
framework=$package/DutylogKitFFI.xcframework
rm -rf "$framework" "$framework.zip"
xcodebuild -create-xcframework \
    -library "$(built aarch64-apple-ios)" -headers "$package/Headers" \
    -library "$joined/simulator/libdutylog.a" -headers "$package/Headers" \
    -library "$joined/mac/libdutylog.a" -headers "$package/Headers" \
    -output "$framework"

# For a package that is handed on: `.binaryTarget(name:url:checksum:)` in place of the path.
(cd "$package" && zip --quiet --recurse-paths --symlinks "$framework.zip" "$(basename "$framework")")
echo "$framework.zip"
swift package --package-path "$package" compute-checksum "$framework.zip"
