//! Working with answers: saving questions and asking them again, holding two answers side by side,
//! copying and writing, AWS's own simulator, and messages about denied requests.

use std::path::PathBuf;
use std::sync::Arc;

use super::{App, Focus, Layer, Screen, Tone};
use crate::access::{self, CallerKind};
use crate::policy::value::instant;
use crate::report::denied::{self, Denied};
use crate::report::questions::{self, Question};
use crate::source::Problem;
use crate::source::simulate::{ContextEntry, SimulateAnswer, SimulateRequest};
use crate::tui::Effect;
use crate::tui::asker::{Export, Form, Request, To};
use crate::tui::input::Input;
use crate::tui::picker::{Picker, Purpose};
use crate::tui::who::fields::Part;
use crate::tui::who::{Simulated, Simulation};

/// What a line is typed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prompt {
    /// The name that a question is saved under.
    Save,
    /// The file that an answer is written to.
    Write(Form),
    /// A message about a denied request.
    Denied,
}

impl Prompt {
    /// What stands before the line.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Save => "Save the question as",
            Self::Write(_) => "Write to",
            Self::Denied => "Message about a denied request (paste it)",
        }
    }
}

impl App {
    /// Has a line typed.
    pub(super) fn prompt(&mut self, prompt: Prompt) {
        let text = match &prompt {
            Prompt::Save => self
                .who
                .saved_as
                .clone()
                .unwrap_or_else(|| self.suggested_name()),
            Prompt::Write(form) => format!("who-can.{}", form.extension()),
            Prompt::Denied => String::new(),
        };
        let input = Input::new(&text);
        self.layers.push(Layer::Prompt { prompt, input });
    }

    /// Takes a line that was typed.
    pub(super) fn accept_prompt(&mut self, prompt: &Prompt, text: &str) -> Vec<Effect> {
        let text = text.trim();
        if text.is_empty() {
            self.say(Tone::Warning, "nothing was typed");
            return Vec::new();
        }
        match prompt {
            Prompt::Save => self.save(text),
            Prompt::Write(form) => self.export(*form, To::File(PathBuf::from(text))),
            Prompt::Denied => self.explain_denied(text),
        }
    }

    /// A name for the question as it stands.
    fn suggested_name(&self) -> String {
        let action = self.who.fields.action.text().trim();
        match self.who.fields.resource.text().trim() {
            "" => format!("who can {action}"),
            resource => format!("who can {action} on {resource}"),
        }
    }

    fn save(&mut self, name: &str) -> Vec<Effect> {
        let fields = &self.who.fields;
        let Some((asked, _)) = &self.who.question else {
            return Vec::new();
        };
        let resource = Some(asked.resource.clone()).filter(|it| it != "*");
        // As it was typed, so that a pattern stays one; but what stood in for it, if anything.
        let typed = fields.action.text().trim().trim_end_matches(',');
        let action = match (&self.who.guessed, &asked.actions[..]) {
            (Some(_), actions) => actions.join(","),
            (None, _) => typed.to_owned(),
        };
        let question = Question {
            resource,
            context: asked.context.clone(),
            strict: asked.is_strict,
            chains: asked.follows_chains,
            ..Question::new(name, action)
        };
        self.who.saved_as = Some(name.to_owned());
        vec![Effect::SaveQuestion(Box::new(question))]
    }

    /// The questions were read: they are offered.
    pub(super) fn questions_read(&mut self, read: Result<Vec<Question>, Problem>) -> Vec<Effect> {
        match read {
            Ok(list) if list.is_empty() => {
                self.say(Tone::Warning, "no questions are saved yet");
            }
            Ok(list) => {
                self.saved = list;
                let picker = self.with_sources(|sources| Picker::new(Purpose::Saved, "", sources));
                self.layers.push(Layer::Picker(picker));
            }
            Err(problem) => self.report(problem),
        }
        Vec::new()
    }

    /// Something was written, or not.
    pub(super) fn written(&mut self, written: Result<String, Problem>) {
        match written {
            Ok(what) => self.say(Tone::Good, what),
            Err(problem) => self.report(problem),
        }
    }

    /// Asks a saved question again.
    pub(super) fn ask_saved(&mut self, at: usize) -> Vec<Effect> {
        let Some(question) = self.saved.get(at).cloned() else {
            return Vec::new();
        };
        let resource = question.resource.as_deref().unwrap_or("");
        self.who.fields.given = question.context.clone();
        self.who.fields.is_strict = question.strict;
        self.who.follows_chains = question.chains;
        let effects = self.ask_about(&question.action.join(","), resource, None);
        self.who.saved_as = Some(question.name);
        effects
    }

    /// Holds the answer for comparison, or lets the one go that is held.
    pub(super) fn pin(&mut self) -> Vec<Effect> {
        if self.who.pinned.take().is_some() {
            self.who.shown.different = false;
            self.say(Tone::Good, "nothing is pinned any more");
        } else if let Some(answer) = self.who.answer() {
            self.who.pinned = Some(answer.clone());
            let text = "pinned: ask something else, or with another context, to see both";
            self.say(Tone::Good, text);
        }
        self.show_rows(|_| {})
    }

    /// Has the answer made ready for a place outside.
    pub(super) fn export(&mut self, form: Form, to: To) -> Vec<Effect> {
        let Some(answer) = self.who.answer() else {
            return Vec::new();
        };
        let generation = answer.generation;
        let all = self.who.shown.denied;
        vec![Effect::Ask(Request::Export(Export {
            generation,
            form,
            all,
            to,
        }))]
    }

    /// The answer is ready for a place outside.
    pub(super) fn exported(&mut self, export: Export, text: Result<String, String>) -> Vec<Effect> {
        match (text, export.to) {
            (Err(why), _) => {
                self.report(Problem::new("cannot write the answer", why));
                Vec::new()
            }
            (Ok(text), To::Clipboard) => {
                let form = export.form.title();
                self.say(Tone::Good, format!("copied the answer as {form}"));
                vec![Effect::Copy(text)]
            }
            (Ok(text), To::File(path)) => vec![Effect::Write { path, text }],
        }
    }

    /// Copies the command that gives the same answer.
    pub(super) fn copy_command(&mut self) -> Vec<Effect> {
        let Some((question, _)) = &self.who.question else {
            return Vec::new();
        };
        let command = question.command();
        self.say(Tone::Good, format!("copied {command}"));
        vec![Effect::Copy(command)]
    }

    /// Why AWS's simulator cannot be asked about the selected row, if so.
    pub(super) fn cannot_simulate(&self) -> Option<&'static str> {
        if !self.setup.live {
            return Some("only a live account can be asked");
        }
        match self.who.why() {
            None => Some("nothing is selected"),
            Some(why) if why.source.is_none() => {
                Some("it knows only users and roles of the account")
            }
            Some(_) => None,
        }
    }

    /// Asks AWS's own simulator about the selected row.
    pub(super) fn simulate(&mut self) -> Vec<Effect> {
        let Some(why) = self.who.why().cloned() else {
            return Vec::new();
        };
        let (Some(answer), Some(source)) = (self.who.answer().cloned(), &why.source) else {
            return Vec::new();
        };
        let question = &answer.question;
        let Some(action) = question.actions.get(why.action) else {
            return Vec::new();
        };
        let context = question.context.iter();
        let context = context.map(|(key, values)| ContextEntry::typed(key, values.clone()));
        let request = SimulateRequest {
            principal_arn: source.clone(),
            action: action.clone(),
            resource: why.resource.clone(),
            context: context.collect(),
            resource_policy: why.resource_policy.clone(),
            ..SimulateRequest::default()
        };
        self.who.simulated = Some(Simulated {
            node: why.node,
            action: why.action,
            simulation: Simulation::Asking,
        });
        self.detail.invalidate();
        vec![Effect::Simulate {
            generation: answer.generation,
            request: Box::new(request),
        }]
    }

    /// AWS's simulator has answered. What is about another question is dropped.
    pub(super) fn simulated(
        &mut self,
        generation: u64,
        request: &SimulateRequest,
        answer: Result<SimulateAnswer, Problem>,
    ) {
        self.settled();
        if !self.who.awaits(generation) {
            return;
        }
        let why = self.who.why().cloned();
        let is_it = |it: &Simulated| why.is_some_and(|why| why.node == it.node);
        let is_same = self.who.simulated.as_ref().is_some_and(is_it);
        let simulation = match answer {
            Ok(answer) => Simulation::Answered(answer),
            Err(problem) => {
                self.note(problem.clone());
                Simulation::Failed(problem)
            }
        };
        if let Some(simulated) = &mut self.who.simulated {
            simulated.simulation = simulation;
        }
        if !is_same {
            let text = format!(
                "AWS's simulator has answered about {}",
                request.principal_arn
            );
            self.say(Tone::Good, text);
        }
        self.detail.invalidate();
    }

    /// Takes a message about a denied request: the question that it poses is asked.
    pub(super) fn explain_denied(&mut self, text: &str) -> Vec<Effect> {
        match denied::parse(text) {
            Ok(denied) => {
                let encoded = denied.encoded.clone().filter(|_| self.setup.live);
                let mut effects = self.ask_denied(denied);
                effects.extend(encoded.map(Effect::Decode));
                effects
            }
            Err(why) => {
                self.say(Tone::Bad, why.to_string());
                Vec::new()
            }
        }
    }

    /// The encoded part of a message was decoded, or not.
    pub(super) fn decoded(&mut self, text: Result<String, Problem>) -> Vec<Effect> {
        self.settled();
        let decoded = match text {
            Ok(text) => denied::parse(&text),
            Err(problem) => {
                self.report(problem);
                return Vec::new();
            }
        };
        match (decoded, self.who.denied.clone()) {
            (Ok(_), Some(_)) if self.screen != Screen::WhoCan => {
                let text = "the message is decoded: paste it again to see what it says";
                self.say(Tone::Good, text);
                Vec::new()
            }
            (Ok(decoded), Some(denied)) => {
                let mut denied = (*denied).clone();
                denied.learn(decoded);
                self.trail.pop();
                self.ask_denied(denied)
            }
            (Err(why), _) => {
                self.say(Tone::Bad, why.to_string());
                Vec::new()
            }
            // Something else was asked in the meantime.
            (Ok(_), None) => Vec::new(),
        }
    }

    fn ask_denied(&mut self, denied: Denied) -> Vec<Effect> {
        let action = match &denied.action {
            Some(action) => action.clone(),
            None => denied.candidates.join(","),
        };
        let resource = denied.resource_in(&self.account);
        let resource = resource.unwrap_or_default();
        let caller = denied.principal.as_deref();
        let caller = caller.map(|text| access::principal(&self.account, text));
        let part = action.is_empty().then_some(Part::Action);
        self.who.fields.given = denied.context.clone();
        self.who.fields.is_strict = false;
        let mut effects = self.ask_about(&action, &resource, part);
        self.who.time = denied.time.as_deref().and_then(instant);
        let mut said = match (&denied.action, &denied.reason) {
            _ if action.is_empty() => "the message names no action: type it".to_owned(),
            (_, Some(reason)) => format!("the message says: {reason}"),
            (Some(_), None) => "the message gives no reason".to_owned(),
            (None, None) => {
                "the message names only an operation: it may be any of these".to_owned()
            }
        };
        match caller {
            Some(Ok(caller)) => {
                let arn = match &caller.kind {
                    CallerKind::Session { role, .. } => {
                        let roles = self.account.roles().iter();
                        let mut found = roles.filter(|it| it.name == *role);
                        found
                            .next()
                            .map_or_else(|| caller.arn.clone(), |it| (&*it.arn).into())
                    }
                    _ => caller.arn.clone(),
                };
                if arn != caller.arn {
                    said.push_str(&format!("; the session is of role {}", name_of(&arn)));
                }
                self.who.keep(arn.to_string());
            }
            Some(Err(error)) => said.push_str(&format!("; {error}")),
            None => said.push_str("; it does not say who asked: pick a row"),
        }
        if denied.encoded.is_some() && !self.setup.live {
            said.push_str("; its encoded part needs a live account");
        }
        self.say(Tone::Warning, said);
        self.who.shown.denied = true;
        self.who.shown.filter.clear();
        self.who.denied = Some(Arc::new(denied));
        effects.clear();
        effects.extend(self.ask_question_anew());
        effects
    }

    /// Takes a text that was pasted where nothing is being typed.
    pub(super) fn pasted(&mut self, text: &str) -> Vec<Effect> {
        match denied::parse(text) {
            Ok(_) => self.explain_denied(text),
            Err(_) => Vec::new(),
        }
    }

    /// Whether a text that is pasted into the field of an action or a resource is a whole message.
    pub(super) fn is_message(&self, text: &str) -> bool {
        self.screen == Screen::WhoCan
            && self.focus == Focus::Fields
            && self.layers.is_empty()
            && text.contains(char::is_whitespace)
            && denied::parse(text).is_ok()
    }

    /// The questions that were read last.
    pub fn saved(&self) -> &[questions::Question] {
        &self.saved
    }
}

fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
