//! Peak memory, as the Linux kernel counts it.

use std::fs;

/// A stretch of work whose peak of resident memory is wanted.
#[derive(Debug)]
pub(crate) struct Peak {
    start_kib: Option<u64>,
}

impl Peak {
    /// Begins a stretch: the kernel's high-water mark is set to what is resident now.
    pub(crate) fn start() -> Self {
        let reset = fs::write("/proc/self/clear_refs", "5");
        Self { start_kib: reset.ok().and_then(|()| high_water_kib()) }
    }

    /// By how many MB (10⁶ bytes) resident memory rose at most since the start; `None` where the kernel does not tell.
    pub(crate) fn rise_mb(&self) -> Option<f64> {
        let rise = high_water_kib()?.saturating_sub(self.start_kib?);
        Some(f64::from(u32::try_from(rise).ok()?) * 1024.0 / 1e6)
    }
}

fn high_water_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
