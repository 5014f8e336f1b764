import Foundation

extension Options {
    /// Makes the folder of one site's logbook and keeps it out of backups and cloud copies: a copied logbook would be another phone
    /// with this one's numbers. On iOS its files can be read as soon as the phone was unlocked once after a restart.
    ///
    /// Draws the seed, so make new options for each opening.
    public init(preparing folder: URL, language: Language) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        #if canImport(Darwin)
        var (folder, kept) = (folder, URLResourceValues())
        kept.isExcludedFromBackup = true
        try folder.setResourceValues(kept)
        #endif
        #if os(iOS)
        let protection: [FileAttributeKey: Any] = [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication]
        try FileManager.default.setAttributes(protection, ofItemAtPath: folder.path)
        #endif
        self.init(folder: folder.path, language: language, seed: .random(count: 32))
    }
}

/// A key store in software in a file under a secret of 32 bytes; see `softwareKeyStore(path:secret:seed:)`. Draws the seed.
public func softwareKeyStore(at file: URL, secret: Data) throws -> any KeyStore {
    try softwareKeyStore(path: file.path, secret: secret, seed: .random(count: 32))
}

extension Data {
    /// Bytes from the system's secure random generator.
    static func random(count: Int) -> Data {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
