import XCTest
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif
@testable import DutylogKit

/// How requests go out and answers come back.
final class CarrierTests: XCTestCase {
    private let carrier = URLSessionCarrier()

    private func request(_ url: String, method: String = "POST") -> HttpRequest {
        let headers = [HttpHeader(name: "content-type", value: "application/cbor")]
        return HttpRequest(id: 1, method: method, url: url, path: "/", headers: headers, body: Data("body".utf8))
    }

    private func header(_ name: String, of response: HttpResponse) -> String? {
        response.headers.first { $0.name.lowercased() == name }?.value
    }

    func testARequestGoesOutAsItIsAndAnAnswerComesBackWhateverItsStatus() async throws {
        let server = try Answering { request in
            XCTAssertTrue(request.hasPrefix("POST /v1 HTTP/1.1\r\n"), request)
            XCTAssertTrue(request.lowercased().contains("content-type: application/cbor\r\n"), request)
            XCTAssertTrue(request.hasSuffix("\r\n\r\nbody"), request)
            return "HTTP/1.1 503 Busy\r\nx-code: later\r\ncontent-length: 3\r\n\r\nnow"
        }
        for carrier in [carrier, URLSessionCarrier(configuration: .ephemeral, fromFiles: true)] {
            let response = try await carrier.send(request("http://\(server.address)/v1"))
            XCTAssertEqual(response.status, 503)
            XCTAssertEqual(header("x-code", of: response), "later")
            XCTAssertEqual(response.body, Data("now".utf8))
        }
    }

    func testWhatIsDownloadedIsTheBody() async throws {
        let server = try Answering { request in
            XCTAssertTrue(request.hasPrefix("GET / HTTP/1.1\r\n") && request.hasSuffix("\r\n\r\n"), request)
            return "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsnapshot"
        }
        for carrier in [carrier, URLSessionCarrier(configuration: .ephemeral, fromFiles: true)] {
            let response = try await carrier.send(request("http://\(server.address)/", method: "GET"))
            XCTAssertEqual(response.body, Data("snapshot".utf8))
        }
    }

    func testARedirectToAnotherServerIsNotFollowed() async throws {
        let other = try Answering { _ in
            XCTFail("it was followed")
            return "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        }
        let server = try Answering { _ in
            "HTTP/1.1 307 Elsewhere\r\nlocation: http://\(other.address)/\r\ncontent-length: 0\r\n\r\n"
        }
        let response = try await carrier.send(request("http://\(server.address)/"))
        XCTAssertEqual(response.status, 307)
    }

    func testARedirectOnTheSameServerIsFollowed() async throws {
        let server = try Answering { request in
            request.contains("/new ")
                ? "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
                : "HTTP/1.1 308 Moved\r\nlocation: /new\r\ncontent-length: 0\r\n\r\n"
        }
        let response = try await carrier.send(request("http://\(server.address)/old"))
        XCTAssertEqual(response.status, 200)
    }

    func testNobodyThereIsNoConnection() async throws {
        let address = try Answering { _ in "" }.address   // gone at once
        do {
            _ = try await carrier.send(request("http://\(address)/"))
            XCTFail("something answered")
        } catch let failure as HttpFailure {
            XCTAssertEqual(failure, .noConnection)
        }
    }

    func testACancelledTaskDoesNotWaitForTheAnswer() async throws {
        let asked = expectation(description: "the request is there")
        let server = try Answering { _ in
            asked.fulfill()
            return nil   // never answers
        }
        let (carrier, request) = (carrier, request("http://\(server.address)/"))
        let sending = Task { try await carrier.send(request) }
        await fulfillment(of: [asked], timeout: 60)
        sending.cancel()
        let result = await sending.result
        XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
    }

    func testWhyNoAnswerCame() {
        XCTAssertEqual(HttpFailure(URLError(.timedOut)), .interrupted)
        XCTAssertEqual(HttpFailure(URLError(.networkConnectionLost)), .interrupted)
        XCTAssertEqual(HttpFailure(URLError(.notConnectedToInternet)), .noConnection)
        XCTAssertEqual(HttpFailure(URLError(.cannotConnectToHost)), .noConnection)
    }
}
