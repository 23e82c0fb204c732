//! Opening, loading and fetching a live account as the program does.

use std::sync::Arc;

use iamscope::iam::{Account, Batch, User};
use iamscope::source::{Entity, Event, LiveOptions, Mode, Outcome, Problem, Resume, Source, Spec};
use tokio::sync::mpsc::unbounded_channel;

/// A runtime for one test.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be made")
        .block_on(work)
}

/// Opens a live account, read-only.
pub async fn open(options: LiveOptions) -> Result<Source, Problem> {
    Source::open(&Spec::Live(options), Mode::ReadOnly).await
}

/// A load that has ended: the account, and everything that was said on the way.
pub struct Loaded {
    pub account: Account,
    pub events: Vec<Event>,
}

impl Loaded {
    /// The one event that ends a load.
    pub fn outcome(&self) -> &Outcome {
        match self.events.last() {
            Some(Event::Finished(outcome)) => outcome,
            other => panic!("a load ends with Finished, not with {other:?}"),
        }
    }

    /// Why a load was cut, and where it goes on.
    pub fn cut(&self) -> (&Problem, Option<Resume>) {
        match self.outcome() {
            Outcome::Cut { problem, resume } => (problem, resume.as_deref().cloned()),
            Outcome::Complete => panic!("the load was not cut"),
        }
    }

    pub fn assert_complete(&self) {
        let outcome = self.outcome();
        assert!(matches!(outcome, Outcome::Complete), "{outcome:?}");
    }

    /// What could not be read, as people read it.
    pub fn gaps(&self) -> Vec<String> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Gap(problem) => Some(problem.to_string()),
                _ => None,
            })
            .collect()
    }
}

/// Loads the whole account.
pub async fn load(source: &Source) -> Loaded {
    go_on(source, Account::default(), None).await
}

/// Goes on with a load that was cut.
pub async fn go_on(source: &Source, mut account: Account, resume: Option<Resume>) -> Loaded {
    let (sink, mut news) = unbounded_channel();
    source.load(resume, sink).await;
    let mut events = Vec::new();
    while let Ok(event) = news.try_recv() {
        take(&mut account, &event);
        events.push(event);
    }
    Loaded { account, events }
}

fn take(account: &mut Account, event: &Event) {
    match event {
        Event::Identity {
            account: id,
            partition,
            caller,
            taken,
        } => {
            account.id = id.clone().or(account.id.take());
            account.partition = partition.clone();
            account.caller = caller.clone();
            account.taken = Some(*taken);
        }
        Event::Aliases(aliases) => account.aliases = aliases.clone(),
        Event::Summary(summary) => account.summary = summary.clone(),
        Event::Batch(batch) => account.absorb(batch.clone()),
        _ => {}
    }
}

/// Fetches the rest of an entity.
pub async fn fetch(source: &Source, entity: Entity) -> (Batch, Vec<Event>) {
    let (sink, mut news) = unbounded_channel();
    let batch = source.fetch(entity, &sink).await;
    let mut events = Vec::new();
    while let Ok(event) = news.try_recv() {
        events.push(event);
    }
    (batch, events)
}

/// Fetches the rest of the user with this name.
pub async fn fetch_user(source: &Source, account: &Account, name: &str) -> User {
    let found = account.users().iter().find(|u| u.name == name);
    let user: Arc<User> = found.expect("the account has the user").clone();
    let (mut batch, _) = fetch(source, Entity::User(user)).await;
    batch.users.remove(0)
}
