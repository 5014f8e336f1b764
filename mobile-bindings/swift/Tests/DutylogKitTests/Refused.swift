import DutylogKit
import XCTest

/// How a call was refused: the kind of its error and the code, or the name of the argument that does not fit.
enum Refusal: Equatable {
    case rejected(String)
    case signIn(String)
    case exchange(String)
    case storage(String)
    case keys(String)
    case paused(String)
    case badArgument(String)
    case calledFromWithin
    case fault

    init(_ error: DutylogError) {
        switch error {
        case .Rejected: self = .rejected(error.code)
        case .SignIn: self = .signIn(error.code)
        case .Exchange: self = .exchange(error.code)
        case .Storage: self = .storage(error.code)
        case .Keys: self = .keys(error.code)
        case .Paused: self = .paused(error.code)
        case .BadArgument("called_from_within", _, _, _, _): self = .calledFromWithin
        case .BadArgument(_, _, _, _, let argument): self = .badArgument(argument)
        case .Fault: self = .fault
        }
    }
}

/// That a call is refused in this way; gives the error.
@discardableResult
func assertRefused<Success>(
    _ expected: Refusal, file: StaticString = #filePath, line: UInt = #line, _ call: () throws -> Success
) throws -> DutylogError {
    let error = try refused(call, file: file, line: line)
    XCTAssertEqual(Refusal(error), expected, "\(error)", file: file, line: line)
    return error
}

@discardableResult
func assertRefused<Success>(
    _ expected: Refusal, file: StaticString = #filePath, line: UInt = #line, _ call: () async throws -> Success
) async throws -> DutylogError {
    let error = try await refused(call, file: file, line: line)
    XCTAssertEqual(Refusal(error), expected, "\(error)", file: file, line: line)
    return error
}

/// What a call throws; the test fails if it throws nothing, or something else.
func refused<Success>(
    _ call: () throws -> Success, file: StaticString = #filePath, line: UInt = #line
) throws -> DutylogError {
    do {
        let done = try call()
        throw Trouble("it was not refused: \(done) (\(file):\(line))")
    } catch let error as DutylogError {
        return whole(error, file, line)
    }
}

func refused<Success>(
    _ call: () async throws -> Success, file: StaticString = #filePath, line: UInt = #line
) async throws -> DutylogError {
    do {
        let done = try await call()
        throw Trouble("it was not refused: \(done) (\(file):\(line))")
    } catch let error as DutylogError {
        return whole(error, file, line)
    }
}

/// Every error can be shown to people.
private func whole(_ error: DutylogError, _ file: StaticString, _ line: UInt) -> DutylogError {
    XCTAssertFalse(error.code.isEmpty || error.sentence.isEmpty || error.whatToDo.isEmpty, "\(error)", file: file, line: line)
    return error
}
