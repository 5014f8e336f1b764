import Foundation

/// What a phone's clocks say, and its patience.
public protocol PhoneClock: Sendable {
    /// What the clocks say at this moment.
    func reading() -> Reading
    /// Returns after so long; throws `CancellationError` if the task is cancelled meanwhile.
    func wait(milliseconds: UInt64) async throws
}

/// The clocks of this phone.
public struct SystemClock: PhoneClock {
    public init() {}

    public func reading() -> Reading {
        Reading(
            wallMs: Int64((Date().timeIntervalSince1970 * 1_000).rounded()),
            zoneMinutes: Int32(TimeZone.autoupdatingCurrent.secondsFromGMT() / 60),
            monotonicMs: Self.sinceBoot(),
            boot: Self.boot)
    }

    public func wait(milliseconds: UInt64) async throws {
        try await Task.sleep(nanoseconds: milliseconds * 1_000_000)
    }
}

extension Reading {
    /// What the clocks of this phone say now.
    public static func now() -> Reading {
        SystemClock().reading()
    }
}

extension SystemClock {
    #if canImport(Darwin)
    /// Milliseconds since the phone started, sleep included.
    private static func sinceBoot() -> Int64 {
        Int64(clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW) / 1_000_000)
    }

    /// The name of the time since the last restart.
    private static let boot: String = {
        var text = [CChar](repeating: 0, count: 64)
        var size = text.count
        let found = sysctlbyname("kern.bootsessionuuid", &text, &size, nil, 0) == 0
        return found ? String(cString: text) : unknownBoot
    }()
    #else
    private static func sinceBoot() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static let boot: String = {
        let read = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return read?.trimmingCharacters(in: .whitespacesAndNewlines) ?? unknownBoot
    }()
    #endif

    /// Where the system does not say which start this is, each start of the app counts as another: then less is concluded from the
    /// clocks, and nothing wrong.
    private static var unknownBoot: String { UUID().uuidString }
}
