// swift-tools-version: 6.0
// The Dutylog core for Swift. `generate.sh` (or `xcframework.sh`) makes what is not kept here, before anything else.

import PackageDescription

// The core is a static library made by cargo, and the same C header describes it everywhere. Only how the two reach the linker differs.
//
// On Apple's systems they are a binary target: an XCFramework picks the slice of the device or the simulator by itself, and an app may
// depend on this package as it stands. Elsewhere there are no XCFrameworks: the header is a system library, the archive lies in `lib`,
// and its path needs an unsafe flag, which SwiftPM allows to a root package alone. That is enough there: it is where the tests run.
#if canImport(Darwin)
let core = Target.binaryTarget(name: "DutylogKitFFI", path: "DutylogKitFFI.xcframework")
let linking: [LinkerSetting] = []
#else
let core = Target.systemLibrary(name: "DutylogKitFFI", path: "Headers/DutylogKitFFI")
let linking: [LinkerSetting] = [
    .unsafeFlags(["-L", "\(Context.packageDirectory)/lib"]),
    .linkedLibrary("dutylog"),
]
#endif

let package = Package(
    name: "DutylogKit",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "DutylogKit", targets: ["DutylogKit"])],
    targets: [
        core,
        .target(name: "DutylogKit", dependencies: ["DutylogKitFFI"], linkerSettings: linking),
        // For copying. Built along, so that it stays true; what needs UIKit is compiled where UIKit is.
        .target(name: "DutylogSamples", dependencies: ["DutylogKit"], path: "Samples"),
        .testTarget(name: "DutylogKitTests", dependencies: ["DutylogKit"]),
    ],
    // The generated sources are written for Swift 5's rules of concurrency.
    swiftLanguageModes: [.v5]
)
