//! The AAR: what is in it, and which libraries are refused.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::maven::{build, maven, package};
use crate::support;

/// What Android calls the machine that this runs on.
#[cfg(target_arch = "x86_64")]
const ABI: &str = "x86_64";
#[cfg(target_arch = "aarch64")]
const ABI: &str = "arm64-v8a";

/// Another machine's.
const OTHER_ABI: &str = "armeabi-v7a";

/// The bytes by which a library with the tests' drill is known.
const DRILL: &[u8] = b"as the drill asked";

/// Where a 64-bit ELF file says where its program headers are, how long each is, and how many.
const HEADERS: usize = 32;
const HEADER_SIZE: usize = 54;
/// In a program header, how its segment is aligned.
const ALIGNMENT: usize = 48;

/// A folder of libraries, and where the AAR goes.
struct Parts {
    folder: TempDir,
    jar: PathBuf,
}

impl Parts {
    fn new(jar: &Path) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), jar: jar.to_path_buf() }
    }

    fn with(self, abi: &str, library: &[u8]) -> Self {
        let folder = self.folder.path().join("jni").join(abi);
        std::fs::create_dir_all(&folder).expect("made");
        std::fs::write(folder.join("libdutylog.so"), library).expect("written");
        self
    }

    /// Lays the AAR out; gives what the script said.
    fn laid_out(&self) -> Result<String, String> {
        let mut script = Command::new("python3");
        script.arg(package().join("aar.py")).arg("--jar").arg(&self.jar);
        script.arg("--generated").arg(build("android").join("generated"));
        script
            .arg("--jni")
            .arg(self.folder.path().join("jni"))
            .arg("--out")
            .arg(self.folder.path().join("out"));
        let ended = script.output().expect("python3 runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if ended.status.success() { Ok(text(&ended.stdout)) } else { Err(text(&ended.stderr)) }
    }

    fn refused(&self, reason: &str) {
        let said = self.laid_out().expect_err("it is refused");
        assert!(said.starts_with("refused: ") && said.contains(reason), "{said}");
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("out").join(name)
    }
}

/// This machine's library as a phone's would be: aligned to its pages, and without the drill.
fn phones(library: &[u8]) -> Vec<u8> {
    let mut library = aligned(library, 16 * 1024);
    while let Some(at) = library.windows(DRILL.len()).position(|window| window == DRILL) {
        library[at] = b'-';
    }
    library
}

/// A library whose segments all claim an alignment.
fn aligned(library: &[u8], bytes: u64) -> Vec<u8> {
    let mut library = library.to_vec();
    let word = |at: usize| u64::from_le_bytes(library[at..at + 8].try_into().expect("eight bytes"));
    let half = |at: usize| usize::from(u16::from_le_bytes([library[at], library[at + 1]]));
    let first = usize::try_from(word(HEADERS)).expect("it lies in the file");
    let (size, count) = (half(HEADER_SIZE), half(HEADER_SIZE + 2));
    for at in (0..count).map(|n| first + n * size + ALIGNMENT) {
        library[at..at + 8].copy_from_slice(&bytes.to_le_bytes());
    }
    library
}

#[test]
fn the_aar_is_laid_out_and_what_no_phone_could_load_is_refused() {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("uniffi-android.toml");
    maven(&build("android"), Some(&config), &["-Pandroid", "package", "-DskipTests"]);
    let jar = build("android").join("target/dutylog-android.jar");
    let library = std::fs::read(support::library()).expect("the library");
    let good = phones(&library);

    let parts = Parts::new(&jar).with(ABI, &good);
    let said = parts.laid_out().expect("laid out");
    let others = ["arm64-v8a", "armeabi-v7a", "x86_64"].into_iter().filter(|abi| *abi != ABI);
    let others: Vec<_> = others.collect();
    assert!(said.contains(&format!("\nin: {ABI}\nnot in: {}\n", others.join(", "))), "{said}");
    let aar = parts.file("dutylog-0.1.0.aar");
    assert_eq!(
        entries(&aar),
        [
            "AndroidManifest.xml",
            "classes.jar",
            "proguard.txt",
            "R.txt",
            "META-INF/com/android/build/gradle/aar-metadata.properties",
            &format!("jni/{ABI}/libdutylog.so"),
        ]
    );
    let once = std::fs::read(&aar).expect("the AAR");
    parts.laid_out().expect("laid out again");
    assert!(std::fs::read(&aar).expect("the AAR") == once, "the same parts make the same file");
    let sources = entries(&parts.file("dutylog-0.1.0-sources.jar"));
    assert!(
        ["org/dutylog/dutylog.kt", "org/dutylog/Io.kt"]
            .iter()
            .all(|name| sources.contains(&(*name).to_owned()))
    );
    let pom = std::fs::read_to_string(parts.file("dutylog-0.1.0.pom")).expect("its POM");
    let jna = pom.split("<artifactId>jna</artifactId>").nth(1).expect("it needs JNA");
    assert!(jna.contains("<type>aar</type>"), "{pom}");

    Parts::new(&jar).with(OTHER_ABI, &good).refused("for another machine than armeabi-v7a");
    Parts::new(&jar).with(ABI, &aligned(&good, 4096)).refused("aligned to 4096 bytes");
    let with_drill = [&good[..], DRILL].concat();
    Parts::new(&jar).with(ABI, &with_drill).refused("built with the feature `drill`");
    Parts::new(&jar).with(ABI, &good[..4096]).refused("does not export what the Kotlin code calls");
    Parts::new(&jar).with(ABI, b"no library").refused("no ELF file");
    Parts::new(&jar).with("mips", &good).refused("mips: no ABI of these");
    let nothing = Parts::new(&jar);
    std::fs::create_dir(nothing.folder.path().join("jni")).expect("made");
    nothing.refused("holds no <abi>/libdutylog.so");
    Parts::new(Path::new("/nowhere.jar")).with(ABI, &good).refused("/nowhere.jar");
}

/// The names in an archive, in order.
fn entries(archive: &Path) -> Vec<String> {
    let list = "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep='\\n')";
    let listed = Command::new("python3").args(["-c", list]).arg(archive).output().expect("python3 runs");
    String::from_utf8(listed.stdout).expect("text").lines().map(str::to_owned).collect()
}
