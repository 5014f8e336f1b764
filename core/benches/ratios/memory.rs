//! Peak memory, as the Linux kernel counts it.

use std::fs;

use super::Outcome;

/// The most memory that this process has had resident since the start or the last [`reset_peak`], in MB (10⁶ bytes).
pub(crate) fn peak_mb() -> Outcome<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u32 =
        line.and_then(|l| l.trim().strip_suffix(" kB")).ok_or("no VmHWM in /proc/self/status")?.parse()?;
    Ok(f64::from(kib) * 1024.0 / 1e6)
}

/// Counts from what is resident now.
pub(crate) fn reset_peak() -> Outcome<()> {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}
