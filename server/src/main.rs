//! `dutylog-server`.

use std::process::ExitCode;

fn main() -> ExitCode {
    dutylog_server::cli::main()
}
