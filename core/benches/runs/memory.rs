//! Peak memory, each time in a process of its own: memory that a program once gave back still counts as resident.

use std::env;
use std::path::Path;
use std::process::Command;

use super::folder;
use super::list::SHOWN;
use crate::ratios::{Durability, Lister, Outcome, Pair, Report, peak_mb, reset_peak};
use crate::site_year::{Action, site_year};

/// The argument that makes this program such a process: what follows is the subject's name, the work, the folder.
pub(crate) const MEASURE: &str = "--memory-of";

/// The whole process that opens a year and lists the last 50 records; and by how much a first sync of the year rises.
pub(crate) fn memory<S: Lister, L: Lister>(report: &mut Report, year: &[Action]) -> Outcome<()> {
    let pair = Pair { subject: S::NAME, against: L::NAME };
    let held = (folder::holding::<S>(year)?, folder::holding::<L>(year)?);
    let list = [ask::<S>("list", held.0.path())?, ask::<L>("list", held.1.path())?];
    report.entry(0, "memory: process that lists", pair).figures("MB", list, None);
    let empty = (folder::fresh()?, folder::fresh()?);
    let sync = [ask::<S>("sync", empty.0.path())?, ask::<L>("sync", empty.1.path())?];
    report.entry(0, "memory: rise in first sync", pair).figures("MB", sync, None);
    Ok(())
}

fn ask<R: Lister>(work: &str, folder: &Path) -> Outcome<f64> {
    let process = Command::new(env::current_exe()?).args([MEASURE, R::NAME, work]).arg(folder).output()?;
    if !process.status.success() {
        return Err(String::from_utf8_lossy(&process.stderr).into());
    }
    Ok(String::from_utf8(process.stdout)?.trim().parse()?)
}

/// The answer of such a process, in MB.
pub(crate) fn answer<R: Lister>(work: &str, folder: &Path) -> Outcome<f64> {
    match work {
        "list" => {
            R::open(folder, Durability::Full)?.list_last(SHOWN)?;
            peak_mb()
        }
        "sync" => {
            let parcel = R::pack(&site_year().first)?;
            reset_peak()?;
            let before = peak_mb()?;
            R::open(folder, Durability::Full)?.apply(&parcel)?;
            Ok(peak_mb()? - before)
        }
        _ => Err(format!("no such work: {work}").into()),
    }
}
