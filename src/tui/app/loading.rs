//! Loading and refreshing: what the source says, taken in.

use std::sync::Arc;
use std::time::Duration;

use super::{App, Tone};
use crate::access;
use crate::iam::{
    Account, Batch, Change, EntityRef, Field, Kind, ManagedPolicy, Role, RoleDetails, User,
    UserDetails,
};
use crate::source::{Entity, Event, Outcome, Problem, Progress, Resume};
use crate::tui::detail::Subject;
use crate::tui::list::List;
use crate::tui::{Effect, Timer};

/// How far apart the spinner's steps are. There is no other regular redraw.
const SPINNER: Duration = Duration::from_millis(300);

/// The state of loading.
#[derive(Debug, Default)]
pub struct Load {
    generation: u64,
    state: LoadState,
    /// What a refresh has read so far; the account shown stays as it was.
    incoming: Option<Account>,
    /// Whether the account shown is a whole one.
    whole: bool,
    progress: Progress,
    retry: Option<String>,
    step: usize,
    spinning: bool,
    refreshed: bool,
}

/// Whether something loads, and how the last load ended.
#[derive(Debug, Default, Clone)]
pub enum LoadState {
    /// Nothing was ever asked for.
    #[default]
    Idle,
    /// It loads.
    Running,
    /// All is there.
    Complete,
    /// The user stopped it before all was there.
    Cancelled,
    /// It broke off.
    Cut {
        /// Why.
        problem: Problem,
        /// Where to go on.
        resume: Option<Box<Resume>>,
    },
}

impl Load {
    /// How it stands.
    pub fn state(&self) -> &LoadState {
        &self.state
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self.state, LoadState::Running)
    }

    /// Whether this is a refresh of an account that is shown meanwhile.
    pub fn is_refresh(&self) -> bool {
        self.incoming.is_some()
    }

    /// How far it is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Which call is tried again, in words.
    pub fn retry(&self) -> Option<&str> {
        self.retry.as_deref()
    }

    /// The step of the spinner.
    pub fn step(&self) -> usize {
        self.step
    }
}

impl App {
    /// Starts to load, or goes on where a load was cut.
    pub(super) fn start_load(&mut self, resume: Option<Box<Resume>>) -> Vec<Effect> {
        self.load.generation += 1;
        self.load.retry = None;
        if resume.is_none() {
            self.load.progress = Progress::default();
            let shown = Kind::ALL.iter().any(|&k| self.account.count(k) > 0);
            self.load.incoming = shown.then(Account::default);
        }
        self.load.state = LoadState::Running;
        let mut effects = vec![Effect::Load {
            generation: self.load.generation,
            resume,
        }];
        effects.extend(self.start_spinner());
        effects
    }

    fn start_spinner(&mut self) -> Option<Effect> {
        (!std::mem::replace(&mut self.load.spinning, true))
            .then_some(Effect::Timer(Timer::Spinner, SPINNER))
    }

    pub(super) fn spin(&mut self) -> Vec<Effect> {
        self.load.step += 1;
        self.load.spinning = self.load.is_running() || !self.fetching.is_empty();
        if self.load.spinning {
            return vec![Effect::Timer(Timer::Spinner, SPINNER)];
        }
        Vec::new()
    }

    pub(super) fn source_event(&mut self, generation: u64, event: Event) -> Vec<Effect> {
        if generation != self.load.generation || !self.load.is_running() {
            return Vec::new();
        }
        let refresh = self.load.incoming.is_some();
        let news = match event {
            Event::Gap(problem) => {
                self.report(problem.clone());
                Event::Gap(problem)
            }
            event => event,
        };
        let fills = matches!(news, Event::Batch(_) | Event::Whole(_));
        let account = match &mut self.load.incoming {
            Some(incoming) => incoming,
            None => Arc::make_mut(&mut self.account),
        };
        let news = news.apply(account);
        self.stale |= fills && !refresh;
        match news {
            Some(Event::Progress(progress)) => {
                self.load.progress = progress;
                self.load.retry = None;
            }
            Some(Event::Finished(outcome)) => return self.finished(outcome),
            Some(event) => self.retrying(event),
            None => {}
        }
        Vec::new()
    }

    /// News of retries, whoever made the call.
    fn retrying(&mut self, event: Event) {
        self.load.retry = match event {
            Event::Retrying {
                operation,
                attempt,
                of,
                why,
            } => Some(format!("retrying {attempt}/{of} {operation}: {why}")),
            _ => None,
        };
    }

    pub(super) fn fetch_news(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Retrying { .. } | Event::Recovered { .. } => self.retrying(event),
            Event::Batch(batch) => return self.learn(batch),
            _ => {}
        }
        Vec::new()
    }

    /// Takes in how a load ended. A source that holds nothing and cannot be asked again is the end
    /// of the program too.
    fn finished(&mut self, outcome: Outcome) -> Vec<Effect> {
        self.load.retry = None;
        match outcome {
            Outcome::Complete => {
                self.load.state = LoadState::Complete;
                self.load.whole = true;
                if let Some(incoming) = self.load.incoming.take() {
                    self.replace(incoming);
                }
                self.stale = true;
                self.settle();
                return self.account_changed();
            }
            Outcome::Cut { problem, resume } => {
                self.note(problem.clone());
                // The state itself says what broke off, and what can be done.
                self.status = None;
                self.load.state = LoadState::Cut { problem, resume };
            }
        }
        match self.failure() {
            Some(problem) if !self.setup.live => vec![Effect::Fail(problem)],
            _ => Vec::new(),
        }
    }

    /// Why nothing at all could be read, if so.
    pub(super) fn failure(&self) -> Option<Problem> {
        let LoadState::Cut { problem, .. } = &self.load.state else {
            return None;
        };
        let nothing = Kind::ALL.iter().all(|&kind| self.account.count(kind) == 0);
        nothing.then(|| problem.clone())
    }

    /// A refresh is done: the new account takes the old one's place.
    fn replace(&mut self, mut incoming: Account) {
        let changes = self.account.changes(&incoming);
        incoming.keep_details_of(&self.account);
        let kept: Vec<_> = self
            .lists
            .iter()
            .map(|l| l.selection(&self.account))
            .collect();
        self.account = Arc::new(incoming);
        let mut kept = kept.into_iter();
        self.each_list(|list: &mut List, context| {
            let selected = kept.next().flatten();
            list.update_from(selected.as_ref(), context);
        });
        self.asked.clear();
        self.load.refreshed = true;
        self.detail.invalidate();
        self.say(Tone::Good, in_words(&changes));
    }

    /// Stops a load; what came stays.
    pub(super) fn cancel_load(&mut self) -> Vec<Effect> {
        self.load.generation += 1;
        self.load.retry = None;
        self.load.state = if self.load.whole {
            LoadState::Complete
        } else {
            LoadState::Cancelled
        };
        let kept = if self.load.incoming.take().is_some() {
            "stopped; the account is as it was before"
        } else {
            "stopped; what came so far stays"
        };
        self.say(Tone::Warning, kept);
        vec![Effect::CancelLoad]
    }

    /// Asks for what is not known yet of the entity that the detail shows.
    pub(super) fn want_details(&mut self) -> Vec<Effect> {
        // While pages arrive the selection may change with the next frame. Afterwards it stays
        // what it is, and nothing else would come to ask again.
        let unsettled = self.stale && self.load.is_running();
        if !self.setup.live || !self.following || unsettled {
            return Vec::new();
        }
        let Some(entity) = self.detail.subject().and_then(Subject::entity).cloned() else {
            return Vec::new();
        };
        let mut wanted = self.groups_of(&entity);
        wanted.insert(0, entity);
        let mut effects: Vec<_> = wanted.into_iter().filter_map(|e| self.ask_for(e)).collect();
        if !effects.is_empty() {
            effects.extend(self.start_spinner());
        }
        effects
    }

    /// Asks for what an answer about everybody lacks: who was read only in part.
    pub(super) fn want_everybody(&mut self) -> Vec<Effect> {
        if !self.setup.live || self.load.is_running() {
            return Vec::new();
        }
        let lacking = access::lacking_of_all(&self.account);
        let mut effects: Vec<_> = lacking
            .into_iter()
            .filter_map(|e| self.ask_for(e))
            .collect();
        if !effects.is_empty() {
            effects.extend(self.start_spinner());
        }
        effects
    }

    /// The groups that a user is in: what they allow is shown with the user.
    fn groups_of(&self, entity: &EntityRef) -> Vec<EntityRef> {
        let user = self.account.user(&entity.arn);
        let names = user.and_then(|user| user.groups.known());
        let groups = names.into_iter().flatten();
        groups
            .filter_map(|name| self.account.group_named(name))
            .map(|group| EntityRef::new(Kind::Group, group.arn.clone()))
            .collect()
    }

    /// Asks for what is not known yet of an entity, once.
    fn ask_for(&mut self, entity: EntityRef) -> Option<Effect> {
        if self.asked.contains(&entity) {
            return None;
        }
        // After a refresh the details are older than the rest: they stay on the screen and are
        // asked for anew.
        let wanted = if self.load.refreshed {
            without_details(&self.account, &entity)
        } else {
            incomplete(&self.account, &entity)
        }?;
        self.asked.insert(entity.clone());
        self.fetching.insert(entity);
        Some(Effect::Fetch(wanted))
    }

    pub(super) fn fetched(&mut self, batch: Batch) -> Vec<Effect> {
        let arns = batch.users.iter().map(|u| (Kind::User, &u.arn));
        let arns = arns.chain(batch.groups.iter().map(|g| (Kind::Group, &g.arn)));
        let arns = arns.chain(batch.roles.iter().map(|r| (Kind::Role, &r.arn)));
        let arns = arns.chain(batch.policies.iter().map(|p| (Kind::Policy, &p.arn)));
        for (kind, arn) in arns {
            self.fetching.remove(&EntityRef::new(kind, arn.clone()));
        }
        self.settled();
        self.learn(batch)
    }

    /// A call has ended: where nothing else is under way, nothing is tried again any more.
    pub(super) fn settled(&mut self) {
        if self.fetching.is_empty() && !self.load.is_running() {
            self.load.retry = None;
        }
    }

    /// Takes in what was fetched, whole or in part.
    fn learn(&mut self, batch: Batch) -> Vec<Effect> {
        Arc::make_mut(&mut self.account).learn(batch);
        self.stale = true;
        self.account_changed()
    }
}

/// An entity as if no detail of it had been asked for.
fn without_details(account: &Account, entity: &EntityRef) -> Option<Entity> {
    Some(match entity.kind {
        Kind::User => Entity::User(Arc::new(User {
            details: UserDetails::default(),
            ..(**account.user(&entity.arn)?).clone()
        })),
        Kind::Group => return incomplete(account, entity),
        Kind::Role => Entity::Role(Arc::new(Role {
            details: RoleDetails::default(),
            ..(**account.role(&entity.arn)?).clone()
        })),
        Kind::Policy => Entity::Policy(Arc::new(ManagedPolicy {
            tags: Field::Unknown,
            ..(**account.policy(&entity.arn)?).clone()
        })),
    })
}

/// What there is to ask for, if anything is unknown.
fn incomplete(account: &Account, entity: &EntityRef) -> Option<Entity> {
    match entity.kind {
        Kind::User => {
            let user = account.user(&entity.arn)?;
            let known = user.details.complete()
                && known(&user.groups)
                && known(&user.attached)
                && known(&user.inline)
                && known(&user.boundary)
                && known(&user.tags);
            (!known).then(|| Entity::User(user.clone()))
        }
        Kind::Group => {
            let group = account.group(&entity.arn)?;
            let known = known(&group.attached) && known(&group.inline);
            (!known).then(|| Entity::Group(group.clone()))
        }
        Kind::Role => {
            let role = account.role(&entity.arn)?;
            let known = role.details.complete()
                && known(&role.trust)
                && known(&role.attached)
                && known(&role.inline)
                && known(&role.boundary)
                && known(&role.tags)
                && known(&role.last_used)
                && known(&role.instance_profiles);
            (!known).then(|| Entity::Role(role.clone()))
        }
        Kind::Policy => {
            let policy = account.policy(&entity.arn)?;
            let known = known(&policy.tags)
                && known(&policy.description)
                && known(&policy.versions)
                && policy.document().is_some();
            (!known).then(|| Entity::Policy(policy.clone()))
        }
    }
}

fn known<T>(field: &Field<T>) -> bool {
    !field.is_unknown()
}

/// What changed, in a line: counts, and names while they are few.
fn in_words(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "refreshed: nothing has changed".into();
    }
    let mut parts = Vec::new();
    type Pick = fn(&Change) -> Option<&EntityRef>;
    let picks: [(&str, Pick); 3] = [
        ("new", |c| match c {
            Change::Added(e) => Some(e),
            _ => None,
        }),
        ("changed", |c| match c {
            Change::Changed(e) => Some(e),
            _ => None,
        }),
        ("gone", |c| match c {
            Change::Removed(e) => Some(e),
            _ => None,
        }),
    ];
    for (word, pick) in picks {
        let found: Vec<_> = changes.iter().filter_map(pick).collect();
        if found.is_empty() {
            continue;
        }
        let names: Vec<_> = found
            .iter()
            .take(3)
            .map(|e| format!("{} {}", e.kind.as_str(), e.name()))
            .collect();
        let more = if found.len() > 3 { ", …" } else { "" };
        parts.push(format!(
            "{} {word} ({}{more})",
            found.len(),
            names.join(", ")
        ));
    }
    format!("refreshed: {}", parts.join(", "))
}
