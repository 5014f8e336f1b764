import Foundation
#if canImport(Glibc)
import Glibc
#endif

/// A server of few words: reads a request, and answers with what it is told, or never.
final class Answering: @unchecked Sendable {
    let address: String
    private let listening: Int32

    init(_ answer: @escaping @Sendable (String) -> String?) throws {
        #if canImport(Glibc)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        let listening = socket(AF_INET, stream, 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(listening, name, size) == 0 && listen(listening, 8) == 0 && getsockname(listening, name, &size) == 0
            }
        }
        guard bound else { throw Trouble("no port: \(errno)") }
        self.listening = listening
        address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
        Thread.detachNewThread {
            while case let connection = accept(listening, nil, nil), connection >= 0 {
                Self.serve(connection, answer)
            }
        }
    }

    deinit {
        shutdown(listening, Int32(SHUT_RDWR))
        close(listening)
    }

    private static func serve(_ connection: Int32, _ answer: (String) -> String?) {
        var request = Data()
        while !isWhole(request) {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = recv(connection, &bytes, bytes.count, 0)
            if count <= 0 { break }
            request.append(contentsOf: bytes[..<count])
        }
        // Without an answer the connection stays open, and the caller waits.
        guard let text = answer(String(decoding: request, as: UTF8.self)) else { return }
        let closing = text.replacingOccurrences(of: "\r\n\r\n", with: "\r\nconnection: close\r\n\r\n")
        _ = closing.withCString { send(connection, $0, strlen($0), 0) }
        close(connection)
    }

    private static func isWhole(_ request: Data) -> Bool {
        let text = String(decoding: request, as: UTF8.self)
        guard let head = text.range(of: "\r\n\r\n") else { return false }
        let length = text.lowercased().range(of: "content-length: ").map { Int(text[$0.upperBound...].prefix { $0.isNumber })! }
        return text[head.upperBound...].utf8.count >= length ?? 0
    }
}
