#!/usr/bin/env python3
"""Lays out the AAR for Android, its POM and its sources, from the Kotlin package and the native libraries.

    python3 aar.py                                    builds what is needed and lays it out in target/android
    python3 aar.py --jar JAR --generated FOLDER --jni FOLDER --out FOLDER      takes what was built already

FOLDER of --jni holds <abi>/libdutylog.so. Without --jni the libraries are built by cargo-ndk, where it and an NDK
(ANDROID_NDK_HOME) are installed; where they are not, say which libraries there are by --jni. A library is refused that a
phone could not load: for another machine, with segments aligned to less than 16 KiB, or not of this package.
"""

import argparse
import os
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as xml
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parent.parent
LIBRARY = "libdutylog.so"

# Of each ABI: the bits of a word, and what ELF calls the machine.
ABIS = {"arm64-v8a": (64, 183), "armeabi-v7a": (32, 40), "x86_64": (64, 62)}
PAGE = 16 * 1024
LOAD = 1

# What the Kotlin code asks first, and what the library has with its tests' drill.
CONTRACT = b"\0ffi_dutylog_uniffi_contract_version\0"
DRILL = b"as the drill asked"


class Refused(Exception):
    """A sentence for whoever runs this."""


def main():
    options = arguments()
    out = options.out.resolve()
    try:
        generated = options.generated or out / "generated"
        jar = options.jar or build_jar(out, generated)
        jni = options.jni or build_libraries(out)
        libraries = {abi: jni / abi / LIBRARY for abi in ABIS if (jni / abi / LIBRARY).is_file()}
        strangers = [path.parent.name for path in sorted(jni.glob(f"*/{LIBRARY}")) if path.parent.name not in ABIS]
        if strangers:
            raise Refused(f"{', '.join(strangers)}: no ABI of these: {', '.join(ABIS)}")
        if not libraries:
            raise Refused(f"{jni} holds no <abi>/{LIBRARY}; the ABIs are {', '.join(ABIS)}")
        for abi, library in libraries.items():
            check_library(abi, library)
        check_jar(jar)
        if not (generated / "org/dutylog/dutylog.kt").is_file():
            raise Refused(f"{generated} holds no generated sources; without them an app's developer sees no documentation")
        aar = lay_out(out, jar, libraries)
        lay_out_sources(out, generated)
    except Refused as reason:
        sys.exit(f"refused: {reason}")
    print(aar)
    print(f"in: {', '.join(libraries)}")
    print(f"not in: {', '.join(abi for abi in ABIS if abi not in libraries) or 'none'}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", type=Path, help="the package compiled for Android")
    parser.add_argument("--generated", type=Path, help="the sources that the generator made for it")
    parser.add_argument("--jni", type=Path, help=f"a folder with <abi>/{LIBRARY}")
    parser.add_argument("--out", type=Path, default=HERE / "target/android", help="where to (%(default)s)")
    return parser.parse_args()


# What is built when it is not handed over ---------------------------------------------------------------------------


def run(*command, folder=WORKSPACE):
    try:
        done = subprocess.run([str(word) for word in command], cwd=folder)
    except FileNotFoundError:
        raise Refused(f"{command[0]} is not installed") from None
    if done.returncode != 0:
        raise Refused(f"{command[0]} failed")


def build_jar(out, generated):
    """Generates from this machine's library, whose surface is every machine's, and compiles."""
    target = WORKSPACE / "target"
    run("cargo", "build", f"--target-dir={target}", "--package=dutylog-mobile", "--features=dutylog-mobile/bindgen")
    library = next(path for path in (target / "debug").glob("libdutylog.*") if path.suffix in (".so", ".dylib"))
    run(
        target / "debug/uniffi-bindgen", "generate", "--language=kotlin", "--no-format",
        f"--config={HERE.parent / 'uniffi-android.toml'}", f"--out-dir={generated}", library)
    run(
        "mvn", "--batch-mode", "--no-transfer-progress", "-Pandroid", "package", "-DskipTests",
        f"-Ddutylog.generated={generated}", f"-Ddutylog.build={out / 'maven'}", folder=HERE)
    return out / "maven/dutylog-android.jar"


def build_libraries(out):
    if shutil.which("cargo-ndk") is None or "ANDROID_NDK_HOME" not in os.environ:
        raise Refused(
            "the native libraries need cargo-ndk and an NDK in ANDROID_NDK_HOME; "
            f"or build them elsewhere and say by --jni where <abi>/{LIBRARY} are")
    targets = [word for abi in ABIS for word in ("--target", abi)]
    run(
        "cargo", "ndk", *targets, "--output-dir", out / "jni",
        "build", "--profile", "phone", "--package", "dutylog-mobile")
    return out / "jni"


# What is refused ------------------------------------------------------------------------------------------------------


def check_library(abi, path):
    data, (bits, machine) = path.read_bytes(), ABIS[abi]
    if data[:4] != b"\x7fELF" or len(data) < 64:
        raise Refused(f"{path}: no ELF file")
    is_bits, (is_machine,) = {1: 32, 2: 64}.get(data[4]), struct.unpack_from("<H", data, 18)
    if (is_bits, is_machine) != (bits, machine):
        raise Refused(f"{path}: for another machine than {abi} (ELF machine {is_machine}, {is_bits} bits)")
    smallest = min(alignments(data, bits), default=0)
    if smallest < PAGE:
        raise Refused(
            f"{path}: a segment is aligned to {smallest} bytes; phones with pages of 16 KiB need {PAGE} "
            "(-z max-page-size=16384, as .cargo/config.toml of the workspace says)")
    if CONTRACT not in data:
        raise Refused(f"{path}: does not export what the Kotlin code calls: another library, or stripped of its symbols")
    if DRILL in data:
        raise Refused(f"{path}: built with the feature `drill`, which is for tests")


def alignments(data, bits):
    """Of every segment that is loaded."""
    offset, size, count = (
        (*struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)) if bits == 64 else
        (*struct.unpack_from("<I", data, 28), *struct.unpack_from("<HH", data, 42)))
    for at in range(offset, offset + size * count, size):
        (kind,) = struct.unpack_from("<I", data, at)
        if kind == LOAD:
            yield struct.unpack_from("<Q", data, at + 48)[0] if bits == 64 else struct.unpack_from("<I", data, at + 28)[0]


def check_jar(jar):
    try:
        names = zipfile.ZipFile(jar).namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused(f"{jar}: {error}") from None
    if "org/dutylog/AndroidSystemCleaner.class" not in names:
        raise Refused(f"{jar}: not generated for Android (uniffi-android.toml)")
    foreign = [name for name in names if name.endswith(".class") and not name.startswith("org/dutylog/")]
    if foreign:
        raise Refused(f"{jar}: holds {foreign[0]}, which is not of this package")


# What is laid out -----------------------------------------------------------------------------------------------------


def lay_out(out, jar, libraries):
    version = pom_value("version")
    aar = out / f"dutylog-{version}.aar"
    archive(aar, {
        "AndroidManifest.xml": (HERE / "android/AndroidManifest.xml").read_bytes(),
        "classes.jar": jar.read_bytes(),
        "proguard.txt": (HERE / "android/consumer-rules.pro").read_bytes(),
        "R.txt": b"",
        "META-INF/com/android/build/gradle/aar-metadata.properties": b"aarFormatVersion=1.0\naarMetadataVersion=1.0\n",
        **{f"jni/{abi}/{LIBRARY}": library.read_bytes() for abi, library in libraries.items()},
    })
    (out / f"dutylog-{version}.pom").write_text(pom(version))
    return aar


def lay_out_sources(out, generated):
    """Where an editor finds the documentation."""
    roots = (generated, HERE / "src/main/kotlin")
    sources = {str(path.relative_to(root)): path.read_bytes() for root in roots for path in sorted(root.rglob("*.kt"))}
    archive(out / f"dutylog-{pom_value('version')}-sources.jar", sources)


def archive(path, entries):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in entries.items():
            # One moment for all: the same parts make the same file.
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def pom_value(path):
    """What pom.xml says: the versions have one home."""
    spaced = "/".join("{http://maven.apache.org/POM/4.0.0}" + name for name in path.split("/"))
    return xml.parse(HERE / "pom.xml").getroot().findtext(spaced)


def pom(version):
    needed = [
        ("org.jetbrains.kotlin", "kotlin-stdlib", pom_value("properties/kotlin.version"), "jar"),
        ("org.jetbrains.kotlinx", "kotlinx-coroutines-android", pom_value("properties/coroutines.version"), "jar"),
        # As AAR, which brings its own native part; 5.17 is the oldest that loads on phones with pages of 16 KiB.
        ("net.java.dev.jna", "jna", pom_value("properties/jna.version"), "aar"),
    ]
    dependencies = "".join(
        f"    <dependency>\n      <groupId>{group}</groupId>\n      <artifactId>{artifact}</artifactId>\n"
        f"      <version>{number}</version>\n      <type>{kind}</type>\n    </dependency>\n"
        for group, artifact, number, kind in needed)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n'
        "  <modelVersion>4.0.0</modelVersion>\n  <groupId>org.dutylog</groupId>\n  <artifactId>dutylog</artifactId>\n"
        f"  <version>{version}</version>\n  <packaging>aar</packaging>\n"
        f"  <dependencies>\n{dependencies}  </dependencies>\n</project>\n")


if __name__ == "__main__":
    main()
