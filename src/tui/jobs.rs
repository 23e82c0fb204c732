//! What runs beside the interface: loads, fetches and timers.
//!
//! Each job is a task of its own that sends its news, marked with the generation that asked. The
//! interface never waits for one. This module never looks at the news.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::asker::{Asker, Latest, Request};
use super::msg::{Msg, Timer};
use super::saved;
use crate::report::questions::Question;
use crate::source::simulate::SimulateRequest;
use crate::source::{Entity, Event, Resume, Sink, Source};

/// How many fetches run at a time.
const FETCHES: usize = 4;

/// The jobs that run.
#[derive(Debug)]
pub(super) struct Jobs {
    source: Arc<Source>,
    to: UnboundedSender<Msg>,
    /// The load that runs, and what passes its news on.
    load: Vec<AbortHandle>,
    fetching: Arc<Semaphore>,
    /// Where fetches tell of retries.
    news: Sink,
    /// The file of the saved questions.
    questions: Option<PathBuf>,
    /// The thread that answers questions, once there was one.
    asker: Option<mpsc::Sender<Request>>,
    /// The questions that were asked last.
    latest: Arc<Latest>,
}

impl Jobs {
    pub(super) fn new(
        source: Source,
        questions: Option<PathBuf>,
        to: UnboundedSender<Msg>,
    ) -> Self {
        let (news, _) = forward(to.clone(), Msg::FetchNews);
        Self {
            source: Arc::new(source),
            to,
            load: Vec::new(),
            fetching: Arc::new(Semaphore::new(FETCHES)),
            news,
            questions,
            asker: None,
            latest: Arc::default(),
        }
    }

    /// Has a question answered, on a thread of its own: answering takes the processor, not time.
    pub(super) fn ask(&mut self, request: Request) {
        self.latest.note(&request);
        let asker = self.asker.get_or_insert_with(|| {
            let (asker, requests) = mpsc::channel();
            let (latest, to) = (Arc::clone(&self.latest), self.to.clone());
            thread::spawn(move || answer(&requests, &latest, &to));
            asker
        });
        // A thread that has ended has said why.
        drop(asker.send(request));
    }

    /// Begins to load. A load that runs is cancelled first.
    pub(super) fn load(&mut self, generation: u64, resume: Option<Box<Resume>>) {
        self.cancel_load();
        let (sink, forwarding) = forward(self.to.clone(), move |event| Msg::Source {
            generation,
            event,
        });
        let source = Arc::clone(&self.source);
        let loading =
            tokio::spawn(async move { source.load(resume.map(|resume| *resume), sink).await });
        self.load = vec![loading.abort_handle(), forwarding];
    }

    /// Cancels the load that runs. Closing its channel also tells a reader on another thread
    /// that nobody listens any more.
    pub(super) fn cancel_load(&mut self) {
        for handle in self.load.drain(..) {
            handle.abort();
        }
    }

    /// Fetches what is unknown of an entity, when its turn comes.
    pub(super) fn fetch(&self, entity: Entity) {
        let (source, fetching) = (Arc::clone(&self.source), Arc::clone(&self.fetching));
        let (to, news) = (self.to.clone(), self.news.clone());
        tokio::spawn(async move {
            // The semaphore is never closed; and its queue is a fair one.
            let _turn = fetching.acquire_owned().await;
            let batch = source.fetch(entity, &news).await;
            // Nobody listens once the interface has ended.
            drop(to.send(Msg::Fetched(batch)));
        });
    }

    /// Asks whose an access key is.
    pub(super) fn find_key(&self, id: String) {
        let (source, to) = (Arc::clone(&self.source), self.to.clone());
        let news = self.news.clone();
        tokio::spawn(async move {
            let owner = source.owner_of_key(&id, &news).await;
            drop(to.send(Msg::KeyOwner { id, owner }));
        });
    }

    /// Does something with files, which may take its time.
    fn with_files(&self, job: impl FnOnce() -> Msg + Send + 'static) {
        let to = self.to.clone();
        tokio::task::spawn_blocking(move || drop(to.send(job())));
    }

    /// Reads the saved questions.
    pub(super) fn read_questions(&self) {
        if let Some(path) = self.questions.clone() {
            self.with_files(move || Msg::Questions(saved::read(&path)));
        }
    }

    /// Saves a question.
    pub(super) fn save_question(&self, question: Question) {
        if let Some(path) = self.questions.clone() {
            self.with_files(move || Msg::Written(saved::save(&path, question)));
        }
    }

    /// Writes a new file.
    pub(super) fn write(&self, path: PathBuf, text: String) {
        self.with_files(move || Msg::Written(saved::write(&path, &text)));
    }

    /// Asks AWS's own simulator.
    pub(super) fn simulate(&self, generation: u64, request: Box<SimulateRequest>) {
        let (source, to) = (Arc::clone(&self.source), self.to.clone());
        let news = self.news.clone();
        tokio::spawn(async move {
            let answer = source.simulate(&request, &news).await;
            drop(to.send(Msg::Simulated {
                generation,
                request,
                answer,
            }));
        });
    }

    /// Has AWS decode the encoded part of a message.
    pub(super) fn decode(&self, encoded: String) {
        let (source, to) = (Arc::clone(&self.source), self.to.clone());
        let news = self.news.clone();
        tokio::spawn(async move {
            let decoded = source.decode_denied(&encoded, &news).await;
            drop(to.send(Msg::Decoded(decoded)));
        });
    }

    /// Passes a notice on, from a job that ran elsewhere.
    pub(super) fn notice(&self, text: String) {
        drop(self.to.send(Msg::Notice(text)));
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.cancel_load();
    }
}

/// Answers requests until nobody asks any more. What was superseded while it waited is left out.
fn answer(requests: &mpsc::Receiver<Request>, latest: &Latest, to: &UnboundedSender<Msg>) {
    let mut asker = Asker::default();
    while let Ok(request) = requests.recv() {
        let is_superseded = latest.supersedes(&request);
        if !is_superseded() {
            // Nobody listens once the interface has ended.
            asker.handle(request, &is_superseded, &mut |reply| {
                drop(to.send(Msg::Reply(reply)));
            });
        }
    }
}

/// A sink whose events reach `to` as messages, until one of both ends is gone.
fn forward(
    to: UnboundedSender<Msg>,
    message: impl Fn(Event) -> Msg + Send + 'static,
) -> (Sink, AbortHandle) {
    let (sink, mut events) = unbounded_channel();
    let task = tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            if to.send(message(event)).is_err() {
                return;
            }
        }
    });
    (sink, task.abort_handle())
}

/// The one-shot timers that are set.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: HashMap<Timer, Instant>,
}

impl Timers {
    /// Sets a timer; one of the same name that runs is set anew.
    pub(super) fn set(&mut self, timer: Timer, after: Duration) {
        self.due.insert(timer, Instant::now() + after);
    }

    /// When the next one runs out.
    pub(super) fn next(&self) -> Option<Instant> {
        self.due.values().min().copied()
    }

    /// Takes out one that has run out.
    pub(super) fn take_due(&mut self) -> Option<Timer> {
        let now = Instant::now();
        let timer = self
            .due
            .iter()
            .find_map(|(timer, due)| (*due <= now).then_some(*timer))?;
        self.due.remove(&timer);
        Some(timer)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::UnboundedReceiver;

    use super::*;
    use crate::iam::Kind;
    use crate::source::{Mode, Spec};

    async fn jobs() -> (Jobs, UnboundedReceiver<Msg>) {
        let source = Source::open(&Spec::Demo, Mode::ReadOnly).await.unwrap();
        let (to, messages) = unbounded_channel();
        (Jobs::new(source, None, to), messages)
    }

    /// The generations whose load ends, once the last job is gone.
    async fn finished(jobs: Jobs, mut messages: UnboundedReceiver<Msg>) -> Vec<u64> {
        let mut ended = Vec::new();
        while let Some(message) = messages.recv().await {
            if let Msg::Source {
                generation,
                event: Event::Finished(_),
            } = message
            {
                ended.push(generation);
                break;
            }
        }
        drop(jobs);
        while let Some(message) = messages.recv().await {
            assert!(!matches!(message, Msg::Source { .. }), "{message:?}");
        }
        ended
    }

    #[tokio::test]
    async fn a_load_is_cancelled_by_the_next() {
        let (mut jobs, messages) = jobs().await;
        // One thread: no task runs before we wait.
        jobs.load(1, None);
        jobs.load(2, None);
        assert_eq!(finished(jobs, messages).await, [2]);
    }

    #[tokio::test]
    async fn a_cancelled_load_says_nothing_more() {
        let (mut jobs, mut messages) = jobs().await;
        jobs.load(1, None);
        jobs.cancel_load();
        drop(jobs);
        assert!(messages.recv().await.is_none());
    }

    #[tokio::test]
    async fn more_fetches_than_run_at_a_time_are_all_answered() {
        let (mut jobs, mut messages) = jobs().await;
        jobs.load(1, None);
        let account = loop {
            if let Some(Msg::Source {
                event: Event::Whole(account),
                ..
            }) = messages.recv().await
            {
                break account;
            }
        };
        assert!(account.count(Kind::User) > 3 * FETCHES);
        for user in &account.users()[..3 * FETCHES] {
            jobs.fetch(Entity::User(Arc::clone(user)));
        }
        for _ in 0..3 * FETCHES {
            while !matches!(messages.recv().await.unwrap(), Msg::Fetched(_)) {}
        }
    }

    #[test]
    fn a_timer_runs_out_once_and_is_set_anew_by_the_same_name() {
        let mut timers = Timers::default();
        assert_eq!((timers.next(), timers.take_due()), (None, None));
        timers.set(Timer::Rest, Duration::ZERO);
        timers.set(Timer::Spinner, Duration::from_secs(60));
        assert!(timers.next().unwrap() <= Instant::now());
        assert_eq!(timers.take_due(), Some(Timer::Rest));
        assert_eq!(timers.take_due(), None);
        timers.set(Timer::Rest, Duration::ZERO);
        timers.set(Timer::Rest, Duration::from_secs(60));
        assert_eq!(timers.take_due(), None);
        assert!(timers.next().unwrap() > Instant::now());
    }
}
