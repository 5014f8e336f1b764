//! Connections that come to nothing leave nothing in the log: whoever opens thousands must not fill the disk.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use tempfile::tempdir;

use super::program::Program;

/// Connections of each sort.
const MANY: usize = 100;

#[test]
fn broken_off_connections_fill_no_log() {
    let data = tempdir().expect("a folder");
    let path = data.path().join("log");
    let log = std::fs::File::create(&path).expect("a file");
    let server = Program::start_logging(data.path(), 0, log.into());
    let lines = || std::fs::read_to_string(&path).expect("text").lines().count();
    let before = lines();
    for beginning in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "PRI * HT", "\u{16}\u{3}\u{1}"]
    {
        for _ in 0..MANY {
            let mut stream = TcpStream::connect(server.address).expect("connects");
            stream.write_all(beginning.as_bytes()).expect("sends");
            stream.shutdown(Shutdown::Write).expect("says no more");
            // The server has noticed once it hangs up; a reset is hanging up too.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    }
    assert_eq!(lines(), before, "{}", std::fs::read_to_string(&path).expect("text"));
}
