#!/bin/sh
# Makes the Swift sources, the C header and its module map from the core's static library, and puts that library beside them.
#
#   ./generate.sh                        builds the library first
#   DUTYLOG_LIBRARY=path ./generate.sh   takes one that was built: a static library whose symbols were kept
#   DUTYLOG_BINDGEN=path ./generate.sh   takes a built generator (`uniffi-bindgen-swift`)
set -eu
package=$(cd "$(dirname "$0")" && pwd)

# The generator asks cargo about the workspace, and so has to run inside it; DUTYLOG_WORKSPACE names one that is elsewhere.
cd "${DUTYLOG_WORKSPACE:-$package/../..}"

if [ -z "${DUTYLOG_LIBRARY:-}" ]; then
    cargo build --package dutylog-mobile --lib
    target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
    DUTYLOG_LIBRARY=$target/debug/libdutylog.a
fi

generate() {
    if [ -n "${DUTYLOG_BINDGEN:-}" ]; then
        "$DUTYLOG_BINDGEN" "$DUTYLOG_LIBRARY" "$@"
    else
        cargo run --quiet --package dutylog-mobile --features bindgen --bin uniffi-bindgen-swift -- "$DUTYLOG_LIBRARY" "$@"
    fi
}

# The header's folder bears the module's name: other packages' headers lie beside it in an app, and must not meet.
generate "$package/Sources/DutylogKit/Generated" --swift-sources
generate "$package/Headers/DutylogKitFFI" --headers --modulemap --module-name DutylogKitFFI --modulemap-filename module.modulemap
mkdir -p "$package/lib"
ln -sf "$DUTYLOG_LIBRARY" "$package/lib/libdutylog.a"
