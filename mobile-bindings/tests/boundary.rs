//! The boundary under strain: many threads, listeners that call back, key stores that throw, panics, pauses, kills.

#[path = "boundary/phone.rs"]
mod phone;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use dutylog::{
    ChangeListener, ChangeSet, DutylogError, IncidentIntake, IncidentKind, KeyStore, KeyStoreError, Logbook,
    NewIncident, Saved, Step, Topic, software_key_store,
};
use phone::{PIN, Phone, Site, now, options};

fn incident(nature: &str) -> NewIncident {
    NewIncident {
        kind: IncidentKind::Other,
        severity: None,
        from_round: None,
        from_item: None,
        intake: IncidentIntake { nature: Some(nature.to_owned()), ..IncidentIntake::default() },
    }
}

fn raise(app: &Logbook, nature: &str) -> Result<Saved, DutylogError> {
    app.raise_incident(app.new_draft()?, incident(nature), now(1))
}

fn count(app: &Logbook) -> usize {
    let (mut rows, mut cursor) = (0, None);
    loop {
        let page = app.incidents(cursor, 200).expect("a page");
        rows += page.rows.len();
        cursor = page.next;
        if cursor.is_none() {
            return rows;
        }
    }
}

#[test]
fn eight_threads_share_one_logbook() {
    let phone = Site::new().phone();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let app = &phone.app;
            scope.spawn(move || {
                for n in 0..10 {
                    raise(app, &format!("{thread}-{n}")).expect("saved");
                    app.outbox().expect("an answer");
                }
            });
        }
    });
    assert_eq!(count(&phone.app), 80);
}

#[test]
fn a_thousand_rows_come_in_pages_each_once() {
    let phone = Site::new().phone();
    for n in 0..1_000 {
        raise(&phone.app, &n.to_string()).expect("saved");
    }
    let (mut seen, mut cursor) = (std::collections::BTreeSet::new(), None);
    loop {
        let page = phone.app.incidents(cursor, 200).expect("a page");
        assert!(page.rows.len() <= 200 && page.rows.iter().all(|row| seen.insert(row.id.clone())));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 1_000);
    for (cursor, limit) in [(None, 0), (None, 201), (Some("x".to_owned()), 10)] {
        let refused = phone.app.incidents(cursor, limit).expect_err("no such page");
        assert!(matches!(refused, DutylogError::BadArgument { .. }), "{refused}");
    }
}

/// Raises another incident the first time it hears of one.
struct CallsBack {
    app: Weak<Logbook>,
    raised: AtomicBool,
    heard: Mutex<Vec<ChangeSet>>,
}

impl ChangeListener for CallsBack {
    fn on_changed(&self, changes: ChangeSet) {
        let app = self.app.upgrade().expect("it is there while it tells");
        if !self.raised.swap(true, Ordering::Relaxed) {
            raise(&app, "raised by the listener").expect("saved");
        }
        assert!(count(&app) > 0, "told after the commit");
        self.heard.lock().expect("not poisoned").push(changes);
    }
}

#[test]
fn a_listener_may_call_back_and_hears_nothing_once_it_is_let_go() {
    let phone = Site::new().phone();
    let listener = Arc::new(CallsBack {
        app: Arc::downgrade(&phone.app),
        raised: AtomicBool::new(false),
        heard: Mutex::default(),
    });
    let subscription = phone.app.subscribe(Arc::clone(&listener) as _);
    let first = raise(&phone.app, "the first").expect("saved");
    let heard = listener.heard.lock().expect("not poisoned").clone();
    assert_eq!(heard.len(), 2, "its own change is told after it returns, not while it is called: {heard:?}");
    assert_eq!(heard[0].records, [first.record]);
    assert!(heard.iter().all(|set| set.topics.contains(&Topic::Incidents) && !set.all));
    assert!(heard[0].revision < heard[1].revision);
    drop(subscription);
    raise(&phone.app, "unheard").expect("saved");
    assert_eq!(listener.heard.lock().expect("not poisoned").len(), 2);
}

/// A key store whose mood can be changed.
struct Moody {
    keys: Arc<dyn KeyStore>,
    mood: AtomicU64,
    app: Mutex<Weak<Logbook>>,
    refused: AtomicBool,
}

const WELL: u64 = 0;
const LOCKED: u64 = 1;
const THROWS: u64 = 2;
const PANICS: u64 = 3;
const CALLS: u64 = 4;

impl Moody {
    fn new(keys: Arc<dyn KeyStore>) -> Arc<Self> {
        let (mood, app, refused) = (AtomicU64::new(WELL), Mutex::default(), AtomicBool::new(false));
        Arc::new(Self { keys, mood, app, refused })
    }

    fn set(&self, mood: u64) {
        self.mood.store(mood, Ordering::Relaxed);
    }
}

impl KeyStore for Moody {
    fn create(&self, name: String, guard: Option<Vec<u8>>) -> Result<Vec<u8>, KeyStoreError> {
        self.keys.create(name, guard)
    }

    fn sign(&self, name: String, guard: Option<Vec<u8>>, content: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        match self.mood.load(Ordering::Relaxed) {
            LOCKED => return Err(KeyStoreError::Unavailable),
            THROWS => return Err(KeyStoreError::Failed { reason: "thrown by the host".into() }),
            PANICS => panic!("a panic inside the core"),
            CALLS => {
                let app = self.app.lock().expect("not poisoned").upgrade().expect("it is there");
                let refused = app.outbox().expect_err("it would wait for itself");
                self.refused.store(matches!(refused, DutylogError::BadArgument { .. }), Ordering::Relaxed);
            }
            _ => {}
        }
        self.keys.sign(name, guard, content)
    }

    fn mac(&self, name: String, content: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        self.keys.mac(name, content)
    }

    fn delete(&self, name: String) -> Result<(), KeyStoreError> {
        self.keys.delete(name)
    }
}

fn moody_phone() -> (Phone, Arc<Moody>) {
    moody_phone_of(&mut Site::new())
}

fn moody_phone_of(site: &mut Site) -> (Phone, Arc<Moody>) {
    let mut moody = None;
    let phone = site.phone_with(|keys| {
        let wrapped = Moody::new(keys);
        moody = Some(Arc::clone(&wrapped));
        wrapped
    });
    (phone, moody.expect("it was wrapped"))
}

#[test]
fn a_key_store_that_throws_is_told_and_nothing_is_lost() {
    let (phone, moody) = moody_phone();
    let app = &phone.app;
    raise(app, "before").expect("saved");
    for (mood, code) in [(LOCKED, "keys_locked"), (THROWS, "keys_failed")] {
        moody.set(mood);
        let Err(DutylogError::Keys { code: told, sentence, retryable, reason, .. }) =
            app.clone().begin_sync()
        else {
            panic!("the key store's trouble is told")
        };
        assert_eq!((told.as_str(), retryable), (code, true));
        assert!(!sentence.is_empty() && (mood == LOCKED || reason == "thrown by the host"));
        moody.set(WELL);
    }
    assert_eq!(app.outbox().expect("an answer").entries, 1);
    app.clone().begin_sync().expect("sealed at last");
}

#[test]
fn what_was_recorded_is_saved_though_it_cannot_be_sealed_yet() {
    let mut site = Site::new();
    let (phone, moody) = moody_phone_of(&mut site);
    let app = &phone.app;
    let person = phone.enrolled(&mut site);
    app.sign_in(person, PIN.into(), now(2)).expect("signed in");
    raise(app, "before").expect("saved");
    let waiting = app.outbox().expect("an answer").entries;
    moody.set(LOCKED);
    app.sign_out(now(3), false).expect("it is on the disk, and that is all that was asked");
    assert_eq!(app.signed_in().expect("an answer"), None);
    assert_eq!(app.outbox().expect("an answer").entries, waiting + 1);
    let told = app.clone().begin_sync().expect_err("what keeps it from leaving is told here");
    assert!(matches!(told, DutylogError::Keys { retryable: true, .. }), "{told}");
    moody.set(WELL);
    app.clone().begin_sync().expect("sealed at last");
}

#[test]
fn a_panic_inside_leaves_the_app_alive_and_the_database_whole() {
    let (phone, moody) = moody_phone();
    let app = &phone.app;
    for n in 0..3 {
        raise(app, &n.to_string()).expect("saved");
    }
    moody.set(PANICS);
    let fault = app.clone().begin_sync().expect_err("the panic is kept in");
    assert!(matches!(fault, DutylogError::Fault { retryable: true, .. }), "{fault}");
    moody.set(WELL);
    assert_eq!(count(app), 3);
    raise(app, "after").expect("saved");
    assert_eq!(app.outbox().expect("an answer").entries, 4);
    app.clone().begin_sync().expect("it goes on");
}

#[test]
fn a_key_store_that_calls_the_logbook_is_refused_and_does_not_wait_for_itself() {
    let (phone, moody) = moody_phone();
    *moody.app.lock().expect("not poisoned") = Arc::downgrade(&phone.app);
    raise(&phone.app, "something to seal").expect("saved");
    moody.set(CALLS);
    Arc::clone(&phone.app).begin_sync().expect("sealed");
    assert!(moody.refused.load(Ordering::Relaxed));
}

#[test]
fn paused_it_answers_nothing_and_gives_the_files_up_and_resumed_the_same_person_is_signed_in() {
    let mut site = Site::new();
    let phone = site.phone();
    let lead = phone.enrolled(&mut site);
    phone.app.sign_in(lead.clone(), PIN.into(), now(2)).expect("signed in");
    phone.app.pause().expect("paused");
    phone.app.pause().expect("paused already");
    let refused = phone.app.outbox().expect_err("nothing while paused");
    assert!(matches!(&refused, DutylogError::Paused { code, retryable: true, .. } if code == "paused"));
    // Another opening of the same files succeeds: they were given up.
    drop(Logbook::open_quickly(&options(phone.folder()), phone.keys(), &now(3)).expect("the files are free"));
    phone.app.resume().expect("resumed");
    assert_eq!(phone.app.signed_in().expect("an answer"), Some(lead));
    raise(&phone.app, "after").expect("saved");
    phone.app.shutdown().expect("closed");
    let closed = phone.app.outbox().expect_err("closed for good");
    assert!(matches!(&closed, DutylogError::Paused { code, retryable: false, .. } if code == "closed"));
}

#[test]
fn a_conversation_that_dies_between_two_steps_begins_again_where_it_was() {
    let phone = Site::new().phone();
    raise(&phone.app, "one").expect("saved");
    let run = phone.app.clone().begin_sync().expect("begun");
    let Step::Http { request } = run.next(now(4)).expect("a step") else {
        panic!("there is something to send")
    };
    assert!(request.body.len() <= 256 * 1024 && request.url.starts_with("https://duty.example/"));
    let record = phone.app.incidents(None, 1).expect("a page").rows[0].id.clone();
    assert_eq!(phone.app.delivery(record.clone()).expect("an answer"), dutylog::Delivery::Sent);
    // The app is killed: only what is on the disk is left.
    drop(run);
    let reopened = phone.reopened();
    assert_eq!(reopened.delivery(record).expect("an answer"), dutylog::Delivery::Sent);
    assert_eq!(reopened.outbox().expect("an answer").entries, 1);
    let again = reopened.begin_sync().expect("begun").next(now(5)).expect("a step");
    let Step::Http { request: again } = again else { panic!("it is sent again") };
    assert_eq!(again.body, request.body);
}

#[test]
fn the_same_draft_is_recorded_once_whatever_happened_in_between() {
    let phone = Site::new().phone();
    let draft = phone.app.new_draft().expect("a draft");
    let saved = phone.app.raise_incident(draft.clone(), incident("once"), now(6)).expect("saved");
    let reopened = phone.reopened();
    let again = reopened.raise_incident(draft, incident("once"), now(7)).expect("saved before");
    assert!(again.repeated && !saved.repeated && again.entry == saved.entry);
    assert_eq!(count(&reopened), 1);
}

#[test]
fn a_phone_that_was_never_enrolled_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys").to_str().expect("text").to_owned();
    let keys = software_key_store(path, vec![7; 32], vec![8; 32]).expect("a key store");
    let never = Logbook::open_quickly(&options(folder.path()), keys, &now(0)).expect_err("nothing is there");
    assert!(matches!(&never, DutylogError::Exchange { code, .. } if code == "bad_enrolment"), "{never}");
}

#[test]
fn software_keys_survive_and_a_guard_is_needed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys").to_str().expect("text").to_owned();
    let open = || software_key_store(path.clone(), vec![7; 32], vec![8; 32]).expect("a key store");
    let guard = Some(vec![1; 32]);
    let key = open().create("person".into(), guard.clone()).expect("a key");
    assert_eq!(key.len(), 32);
    assert_eq!(open().sign("person".into(), guard, vec![5]).expect("a signature").len(), 64);
    let wrong = open().sign("person".into(), Some(vec![2; 32]), vec![5]);
    assert_eq!(wrong, Err(KeyStoreError::WrongGuard));
    assert_eq!(open().sign("nobody".into(), None, vec![5]), Err(KeyStoreError::NotFound));
    assert!(software_key_store(path.clone(), vec![7; 31], vec![8; 32]).is_err());
}

#[test]
fn what_a_locked_phone_recorded_is_claimed_by_whoever_it_was() {
    let mut site = Site::new();
    let phone = site.phone();
    let person = phone.enrolled(&mut site);
    let saved = raise(&phone.app, "smoke").expect("the button works while locked");
    let waits = phone.app.unclaimed(saved.record.clone()).expect("an answer");
    assert_eq!(waits.iter().map(|row| &row.entry).collect::<Vec<_>>(), [&saved.entry]);
    phone.app.sign_in(person, PIN.into(), now(2)).expect("signed in");
    let draft = phone.app.new_draft().expect("a draft");
    phone.app.claim(draft, saved.entry.clone(), now(3)).expect("claimed");
    assert_eq!(phone.app.unclaimed(saved.record).expect("an answer"), []);
    phone.app.sign_out(now(4), true).expect("signed out");
    assert_eq!(phone.app.signed_in().expect("an answer"), None);
    assert_eq!(phone.app.stranded().expect("an answer"), []);
    let refused = phone.app.done_again("no entry".into()).expect_err("no entry");
    assert!(matches!(refused, DutylogError::BadArgument { .. }), "{refused}");
}
