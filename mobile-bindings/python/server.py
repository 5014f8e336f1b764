"""A real server with a data folder of its own."""

import subprocess
from pathlib import Path

SITE = "qingshiling"


class Server:
    def __init__(self, program, folder, plan):
        self.command = [program, "--data-dir", str(folder)]
        self.run("admin", "apply", str(plan))
        self.process = subprocess.Popen(
            self.command + ["--listen", "127.0.0.1:0", "serve"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={})
        self.address = next(line.rsplit("http://", 1)[1].strip()
                            for line in self.process.stdout if "http://" in line)

    def run(self, *arguments):
        done = subprocess.run(self.command + list(arguments), capture_output=True, text=True, env={})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def phone_code(self):
        """What the QR code of a new phone says."""
        said = self.run("--listen", self.address, "enrol", "phone", "--site", SITE)
        return next(line for line in said.splitlines() if line.startswith("DUTYLOG1:"))

    def person_code(self, staff_number):
        said = self.run("enrol", "person", "--site", SITE, "--person", staff_number)
        return said.splitlines()[0].rsplit(": ", 1)[1]

    def stop(self):
        self.process.kill()
        self.process.wait()
