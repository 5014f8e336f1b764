extension DutylogError {
    /// What every error carries, whichever it is.
    public var code: String { parts.code }
    /// What happened, in the phone's language.
    public var sentence: String { parts.sentence }
    /// What to do now, in the phone's language.
    public var whatToDo: String { parts.whatToDo }
    /// Whether the same call may succeed later without anything being changed.
    public var retryable: Bool { parts.retryable }

    private var parts: (code: String, sentence: String, whatToDo: String, retryable: Bool) {
        switch self {
        case .Rejected(let code, let sentence, let whatToDo, let retryable),
            .SignIn(let code, let sentence, let whatToDo, let retryable, _),
            .Exchange(let code, let sentence, let whatToDo, let retryable, _),
            .Storage(let code, let sentence, let whatToDo, let retryable, _),
            .Keys(let code, let sentence, let whatToDo, let retryable, _),
            .Paused(let code, let sentence, let whatToDo, let retryable),
            .BadArgument(let code, let sentence, let whatToDo, let retryable, _),
            .Fault(let code, let sentence, let whatToDo, let retryable):
            (code, sentence, whatToDo, retryable)
        }
    }
}
