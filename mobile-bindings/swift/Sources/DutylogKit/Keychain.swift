#if canImport(Security)
import Foundation
import Security

/// The secret of this installation: 32 bytes in the Keychain, made when it is first asked for, readable once the phone was unlocked after a
/// restart, and never copied to another device. What `softwareKeyStore` seals its file with.
///
/// Throws `KeyStoreError.Unavailable` while the phone was not unlocked yet.
public func keychainSecret(account: String = "secret") throws -> Data {
    let item: [String: Any] = [
        kSecClass as String: kSecClassGenericPassword,
        kSecAttrService as String: "org.dutylog",
        kSecAttrAccount as String: account,
    ]
    if let kept = try keptSecret(item) { return kept }
    let made = Data.random(count: 32)
    let adding: [String: Any] = [
        kSecValueData as String: made,
        kSecAttrAccessible as String: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
    ]
    let status = SecItemAdd(item.merging(adding) { $1 } as CFDictionary, nil)
    if status == errSecDuplicateItem, let kept = try keptSecret(item) { return kept }
    guard status == errSecSuccess else { throw KeyStoreError(status) }
    return made
}

private func keptSecret(_ item: [String: Any]) throws -> Data? {
    var found: CFTypeRef?
    let status = SecItemCopyMatching(item.merging([kSecReturnData as String: true]) { $1 } as CFDictionary, &found)
    if status == errSecItemNotFound { return nil }
    guard status == errSecSuccess, let secret = found as? Data else { throw KeyStoreError(status) }
    return secret
}

extension KeyStoreError {
    init(_ status: OSStatus) {
        self = status == errSecInteractionNotAllowed ? .Unavailable : .Failed(reason: "Keychain: \(status)")
    }
}
#endif
