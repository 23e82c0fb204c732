//! From a key to a command.

use super::{App, Focus, Layer, Prompt, Screen};
use crate::tui::Effect;
use crate::tui::command::{Command, Id, Scope};
use crate::tui::key::Key;
use crate::tui::list::List;

/// The commands that work everywhere also while something lies over the panes.
const OVER_ALL: [Id; 6] = [
    Id::Help,
    Id::Redraw,
    Id::Suspend,
    Id::CancelLoad,
    Id::Refresh,
    Id::Quit,
];

impl App {
    /// The scopes in which a key is looked up now, innermost first.
    pub fn scopes(&self) -> &'static [Scope] {
        match self.layers.last() {
            Some(Layer::Filter { .. } | Layer::Picker(_)) => {
                &[Scope::Input, Scope::Picker, Scope::Global]
            }
            Some(Layer::Search { .. } | Layer::Prompt { .. }) => &[Scope::Input, Scope::Global],
            Some(Layer::Help(_) | Layer::Messages(_)) => &[Scope::Help, Scope::Global],
            None => self.scopes_below(),
        }
    }

    /// Whether a text field has the keys, so that it takes every printable one.
    pub fn typing(&self) -> bool {
        match self.layers.last() {
            Some(
                Layer::Filter { .. }
                | Layer::Search { .. }
                | Layer::Prompt { .. }
                | Layer::Picker(_),
            ) => true,
            Some(Layer::Help(_) | Layer::Messages(_)) => false,
            None => self.focus == Focus::Fields,
        }
    }

    /// Whether a command can be reached by key now.
    pub fn reachable(&self, command: &Command) -> bool {
        self.scopes().contains(&command.scope)
            && (self.layers.is_empty()
                || command.scope != Scope::Global
                || OVER_ALL.contains(&command.id))
    }

    pub(super) fn key(&mut self, key: Key) -> Vec<Effect> {
        self.settle();
        self.status = None;
        let found = self.setup.keymap.find(self.scopes(), key);
        match (found, key.typed()) {
            // A text field takes every printable key, whatever it means elsewhere.
            (found, Some(c)) if self.typing() => {
                let own = found.filter(|id| id.command().scope != Scope::Global);
                match own {
                    Some(id) => self.run(id),
                    None => self.type_in(|input| input.insert(c)),
                }
            }
            (Some(id), _) if self.reachable(id.command()) => self.run(id),
            _ => Vec::new(),
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.settle();
        if let Some(Layer::Prompt {
            prompt: Prompt::Denied,
            ..
        }) = self.layers.last()
        {
            // As it came: a text field would take away its lines.
            self.layers.pop();
            return self.explain_denied(text);
        }
        if self.is_message(text) {
            return self.explain_denied(text);
        }
        if self.typing() {
            return self.type_in(|input| input.paste(text));
        }
        if self.layers.is_empty() {
            return self.pasted(text);
        }
        Vec::new()
    }

    /// Changes the text field on top, and has the rest follow it.
    pub(super) fn type_in(
        &mut self,
        edit: impl FnOnce(&mut crate::tui::input::Input),
    ) -> Vec<Effect> {
        let Some(mut layer) = self.layers.pop() else {
            if self.focus != Focus::Fields {
                return Vec::new();
            }
            edit(self.who.fields.input_mut());
            return self.field_changed();
        };
        match &mut layer {
            Layer::Filter { input, .. } => {
                edit(input);
                let text = input.text().to_owned();
                if self.screen == Screen::WhoCan {
                    self.layers.push(layer);
                    return self.filter_rows(&text);
                }
                self.on_list(|list: &mut List, context| list.set_filter(&text, context));
                self.layers.push(layer);
                return self.list_moved();
            }
            Layer::Search { input, .. } => {
                edit(input);
                let text = input.text().to_owned();
                self.search(&text);
            }
            Layer::Prompt { input, .. } => edit(input),
            Layer::Picker(picker) => {
                edit(&mut picker.input);
                self.with_sources(|sources| picker.refresh(sources));
            }
            Layer::Help(_) | Layer::Messages(_) => {}
        }
        self.layers.push(layer);
        Vec::new()
    }
}
