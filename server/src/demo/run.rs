//! Puts the demonstration together: a server with a lent clock, accounts, the story, the judgement, and what comes after.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use dutylog_core::base::Millis;
use dutylog_core::records::site_plan::person_id;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::clock::LentClock;
use super::director::{Director, Stage};
use super::folder::Folder;
use super::headquarters::{Headquarters, staff_number};
use super::judge::judge;
use super::live::go_on;
use super::phone::{Line, Shelf};
use super::progress::Progress;
use super::story::{length, write};
use super::world::places;
use super::{DemoError, Report};
use crate::accounts::{Added, NewAccount, Role, SiteScope};
use crate::app::{self, Running, StartError};
use crate::clock::{Clock as _, HOUR, MINUTE, SystemClock};
use crate::config::Config;
use crate::entropy::{random, readable};
use crate::shutdown::Shutdown;

/// How far east of UTC the sites are.
const ZONE: Millis = 8 * HOUR;
const DAY: Millis = 24 * HOUR;
/// The port that is tried first when none was asked for.
const PORT: u16 = 8080;

/// What a demonstration is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything is kept; must be empty or not there yet.
    pub data: PathBuf,
    /// How many days of history are made.
    pub days: u32,
    /// Where the server listens on this machine; 0 picks a free port, none the usual one or else a free one.
    pub port: Option<u16>,
    /// What the story is made from.
    pub seed: u64,
    /// Whether the story goes on until now and then in real time.
    pub live: bool,
}

/// An account of the console, made for this run.
#[derive(Debug, Clone)]
pub struct Login {
    /// The name to sign in with.
    pub name: &'static str,
    /// The password, random.
    pub password: String,
}

/// A server that is up and has no history yet.
#[derive(Debug)]
pub struct Demo {
    running: Running,
    clock: Arc<LentClock>,
    folder: Folder,
    options: Options,
    first: Millis,
    logins: Vec<Login>,
    stop: Arc<AtomicBool>,
    began: Instant,
}

/// A server with its history.
#[derive(Debug)]
pub struct History {
    demo: Demo,
    director: Director,
}

/// The folder that is used when none is named: the first of `demo-1`, `demo-2` … in the data folder that is not there yet.
#[must_use]
pub fn free_folder(parent: &Path) -> PathBuf {
    Folder::free_in(parent)
}

/// The midnight at which a story of so many days begins, so that it is over by now.
fn first_midnight(now: Millis, days: u32) -> Millis {
    let midnight = now - (now + ZONE).rem_euclid(DAY);
    let first = midnight - Millis::from(days) * DAY;
    if first + length(days) <= now { first } else { first - DAY }
}

impl Demo {
    /// Starts the server and makes the accounts; takes a few seconds at most.
    ///
    /// # Errors
    /// [`DemoError`]
    pub async fn start(options: Options, shutdown: Shutdown) -> Result<Self, DemoError> {
        let began = Instant::now();
        let folder = Folder::take(&options.data)?;
        let first = first_midnight(SystemClock.now_ms(), options.days);
        let clock = Arc::new(LentClock::at(first + 6 * HOUR));
        let stop = Arc::new(AtomicBool::new(false));
        let (asked, stopping) = (shutdown.clone(), Arc::clone(&stop));
        tokio::spawn(async move {
            asked.asked().await;
            stopping.store(true, Ordering::Relaxed);
        });
        let running = listen(&folder, &options, &clock, &shutdown).await?;
        let logins = accounts(&running).await?;
        Ok(Self { running, clock, folder, options, first, logins, stop, began })
    }

    /// The address to open in a browser.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.running.origin
    }

    /// The accounts of the console.
    #[must_use]
    pub fn logins(&self) -> &[Login] {
        &self.logins
    }

    /// Where everything is kept.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.root()
    }

    /// The server's database.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        Config { data_dir: self.folder.server(), ..Config::default() }.database_file()
    }

    /// Makes history: enrols everybody, plays the story, and lets every phone report.
    ///
    /// # Errors
    /// [`DemoError`]
    pub async fn make_history(self) -> Result<History, DemoError> {
        let runtime = Handle::current();
        spawn_blocking(move || {
            let director = self.play(runtime)?;
            Ok(History { demo: self, director })
        })
        .await?
    }

    fn play(&self, runtime: Handle) -> Result<Director, DemoError> {
        let Options { days, seed, live, .. } = self.options;
        let until = if live { SystemClock.now_ms() } else { self.first + length(days) };
        let (phones, journals) = (self.folder.phones(), self.folder.journals());
        let mut director = Director::set_up(Stage {
            headquarters: Headquarters::new(self.running.state.clone(), runtime.clone()),
            clock: Arc::clone(&self.clock),
            line: Line::new(runtime)?,
            shelf: Shelf { phones: &phones, journals: &journals },
            origin: &self.running.origin,
            seed,
            at: self.first + 6 * HOUR,
            stop: Arc::clone(&self.stop),
        })?;
        let progress = Progress::new(self.first, Millis::from(days));
        director.play(&write(places(), self.first, until, seed), &progress)?;
        director.everybody_reports(until + MINUTE)?;
        progress.finish();
        Ok(director)
    }
}

impl History {
    /// Judges what became of everything that phones were told is saved.
    ///
    /// # Errors
    /// [`DemoError`] when it cannot be judged.
    pub async fn judge(&self) -> Result<Report, DemoError> {
        let (demo, director) = (&self.demo, &self.director);
        let journals = demo.folder.journals();
        let judgement = judge(&demo.running.state, &director.scopes(), &journals).await?;
        let offline = director.handovers_offline();
        Ok(Report::new(&judgement, director.traffic(), offline, demo.began.elapsed()))
    }

    /// The server's database.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.demo.database_file()
    }

    /// Goes on in real time until asked to stop.
    ///
    /// # Errors
    /// [`DemoError`]
    pub async fn live(self) -> Result<(), DemoError> {
        let Self { demo, mut director } = self;
        demo.clock.give_back();
        let (stop, seed) = (Arc::clone(&demo.stop), demo.options.seed);
        let lived = spawn_blocking(move || go_on(&mut director, &stop, seed)).await?;
        demo.running.stopped().await?;
        lived
    }

    /// Ends the server, once it was asked to stop.
    ///
    /// # Errors
    /// [`DemoError`]
    pub async fn close(self) -> Result<(), DemoError> {
        Ok(self.demo.running.stopped().await?)
    }
}

async fn listen(
    folder: &Folder,
    options: &Options,
    clock: &Arc<LentClock>,
    shutdown: &Shutdown,
) -> Result<Running, DemoError> {
    let serve = |port: u16| {
        let config = Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            data_dir: folder.server(),
            organisation: "远站值守 Remote duty".to_owned(),
            ..Config::default()
        };
        app::serve(config, Arc::clone(clock) as _, shutdown.clone())
    };
    match serve(options.port.unwrap_or(PORT)).await {
        Err(StartError::Listen(..)) if options.port.is_none() => Ok(serve(0).await?),
        started => Ok(started?),
    }
}

/// An administrator and a reviewer, with passwords made for this run.
async fn accounts(running: &Running) -> Result<Vec<Login>, DemoError> {
    let state = &running.state;
    let mut logins = Vec::new();
    for (name, display_name, role) in
        [("admin", "周磊 Zhou Lei", Role::Admin), ("reviewer", "赵敏 Zhao Min", Role::Hq)]
    {
        let person = person_id(state.api.keys.org(), staff_number(role == Role::Admin));
        let password = readable(&random::<20>()?);
        let new = NewAccount {
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            role,
            person,
            scope: SiteScope::All,
        };
        // The folder was empty: the name is free, and 100 random bits are like no name.
        if let Added::Account(_) = state.accounts.add(new, password.clone().into()).await? {
            logins.push(Login { name, password });
        }
    }
    Ok(logins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_over_by_now_and_not_long_before() {
        for now in [1_772_294_400_000, 1_772_294_400_000 + 9 * HOUR, 1_772_294_400_000 - 1] {
            let first = first_midnight(now, 30);
            let over = first + length(30);
            assert!(over <= now && now - over <= DAY, "{now}");
            assert_eq!((first + ZONE).rem_euclid(DAY), 0);
        }
    }
}
