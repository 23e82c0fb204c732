//! The pages of the detail, a file for each kind, and what they have in common.

mod effective;
mod group;
mod policy;
mod role;
mod user;
mod versions;
mod why;

use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;

use crate::access::{self, Stored};
use crate::iam::{Account, Arn, EntityRef, Field, InlinePolicy, Kind, Tag};
use crate::policy::{Layout, PolicyText};
use crate::source::snapshot;
use crate::tui::app::App;
use crate::tui::detail::{Detail, Subject, Tab};
use crate::tui::page::{Page, PageBuilder, Piece, Target, Tone};
use crate::tui::resolve::{inline_of, resolve};
use crate::tui::time::{ago, date_time};
use crate::visible::visible;

/// Makes the page of the tab that is shown.
pub(super) fn page(app: &App, detail: &Detail, width: u16) -> Page {
    let mut maker = Maker {
        app,
        detail,
        account: app.account(),
        out: PageBuilder::new(width),
    };
    match (detail.subject(), detail.tab()) {
        (Some(Subject::Entity(entity)), Some(Tab::Json)) => maker.json(entity),
        (Some(Subject::Entity(entity)), Some(Tab::Effective)) => maker.effective(entity),
        (Some(Subject::Entity(entity)), Some(tab)) => match entity.kind {
            Kind::User => maker.user(entity, tab),
            Kind::Group => maker.group(entity, tab),
            Kind::Role => maker.role(entity, tab),
            Kind::Policy => maker.policy(entity, tab),
        },
        (Some(Subject::Inline { owner, name }), _) => maker.inline(owner, name),
        (Some(Subject::Stored(name)), _) => maker.stored(name),
        (Some(Subject::Principal(_)), Some(Tab::Request)) => maker.request(),
        (Some(Subject::Principal(_)), _) => maker.why(),
        _ => {}
    }
    maker.out.finish()
}

/// The JSON of the entity that is shown, as the AWS CLI prints it.
pub(super) fn entity_json(app: &App) -> Option<String> {
    let entity = app.detail().subject()?.entity()?;
    snapshot::entity_json(app.account(), entity)
}

/// Makes a page.
struct Maker<'a> {
    app: &'a App,
    detail: &'a Detail,
    account: &'a Account,
    out: PageBuilder,
}

fn plain(text: impl AsRef<str>) -> Vec<Piece> {
    vec![(Tone::Plain, visible(text.as_ref()).into_owned())]
}

fn dim(text: impl Into<String>) -> Vec<Piece> {
    vec![(Tone::Dim, text.into())]
}

impl Maker<'_> {
    fn now(&self) -> Timestamp {
        self.app.reference_time()
    }

    /// A date, and how long ago it is.
    fn when(&self, at: Timestamp) -> Vec<Piece> {
        vec![
            (Tone::Plain, date_time(at)),
            (Tone::Dim, format!("  {}", ago(at, self.now()))),
        ]
    }

    fn created(&mut self, at: Option<Timestamp>) {
        let value = at.map_or_else(|| dim("unknown"), |at| self.when(at));
        self.out.pair("Created", value, None);
    }

    /// What stands for a field that is not known; `None` where it is.
    fn state<T>(&self, field: &Field<T>) -> Option<Vec<Piece>> {
        match field {
            Field::Known(_) => None,
            Field::Denied(action) => Some(vec![(Tone::Warning, format!("denied ({action})"))]),
            Field::Failed(why) => Some(vec![(Tone::Bad, format!("failed: {}", visible(why)))]),
            Field::Unknown => {
                let loading = self
                    .detail
                    .subject()
                    .and_then(Subject::entity)
                    .is_some_and(|entity| self.app.is_fetching(entity));
                Some(dim(if loading { "loading…" } else { "not known" }))
            }
        }
    }

    /// A label with a field's value, or with why there is none.
    fn field<T>(&mut self, label: &str, field: &Field<T>, show: impl FnOnce(&T) -> Vec<Piece>) {
        self.linked_field(label, field, None, show);
    }

    /// The same, leading to the tab that tells more.
    fn field_to<T>(
        &mut self,
        tab: Tab,
        label: &str,
        field: &Field<T>,
        show: impl FnOnce(&T) -> Vec<Piece>,
    ) {
        self.linked_field(label, field, Some(Target::Tab(tab)), show);
    }

    fn linked_field<T>(
        &mut self,
        label: &str,
        field: &Field<T>,
        target: Option<Target>,
        show: impl FnOnce(&T) -> Vec<Piece>,
    ) {
        let value = match field {
            Field::Known(value) => show(value),
            other => self.state(other).unwrap_or_default(),
        };
        self.out.pair(label, value, target);
    }

    /// A list of a field; a line says so where it is empty or not known.
    fn list<T>(&mut self, field: &Field<Vec<T>>, none: &str, mut each: impl FnMut(&mut Self, &T)) {
        match field {
            Field::Known(items) if items.is_empty() => self.out.line(dim(none)),
            Field::Known(items) => {
                for item in items {
                    each(self, item);
                }
            }
            other => {
                // As deep as the words for none would stand.
                let indent = &none[..none.len() - none.trim_start().len()];
                let mut line = plain(indent);
                line.extend(self.state(other).unwrap_or_default());
                self.out.line(line);
            }
        }
    }

    fn arn_and_id(&mut self, arn: &str, id: &str) {
        self.out.pair("ARN", plain(arn), None);
        self.out.pair(
            "Id",
            if id.is_empty() {
                dim("unknown")
            } else {
                plain(id)
            },
            None,
        );
    }

    fn boundary(&mut self, boundary: &Field<Option<Arc<str>>>) {
        match boundary {
            Field::Known(Some(arn)) => {
                let target = self.account.find(arn).map(Target::Entity);
                let tone = if target.is_some() {
                    Tone::Link
                } else {
                    Tone::Plain
                };
                self.out
                    .pair("Boundary", vec![(tone, name_of(arn))], target);
            }
            other => self.field("Boundary", other, |_| dim("none")),
        }
    }

    fn tags(&mut self, tags: &Field<Vec<Tag>>) {
        let width = tags
            .known()
            .into_iter()
            .flatten()
            .map(|tag| unicode_width::UnicodeWidthStr::width(&*visible(&tag.key)))
            .max()
            .unwrap_or(0)
            .min(self.out.width() / 2);
        self.list(tags, "No tags.", |maker, tag| {
            let key = visible(&tag.key);
            let pad = width.saturating_sub(unicode_width::UnicodeWidthStr::width(&*key));
            let pieces = vec![
                (Tone::Strong, key.into_owned()),
                (
                    Tone::Plain,
                    format!("{}  {}", " ".repeat(pad), visible(&tag.value)),
                ),
            ];
            let copy = format!("{}={}", tag.key, tag.value);
            maker.out.linked(pieces, width + 2, None, Some(copy.into()));
        });
    }

    /// Attached and inline policies of one owner, each a link.
    fn policies(
        &mut self,
        owner: &EntityRef,
        attached: &Field<Vec<Arc<str>>>,
        inline: &Field<Vec<InlinePolicy>>,
        indent: usize,
    ) {
        let pad = || (Tone::Plain, " ".repeat(indent));
        let both_empty = attached.known().is_some_and(Vec::is_empty)
            && inline.known().is_some_and(Vec::is_empty);
        if both_empty {
            self.out
                .line(vec![pad(), (Tone::Dim, "no policies".into())]);
            return;
        }
        match attached {
            Field::Known(arns) => {
                for arn in arns {
                    self.attached(arn, indent);
                }
            }
            other => {
                let mut line = vec![pad(), (Tone::Dim, "attached policies: ".into())];
                line.extend(self.state(other).unwrap_or_default());
                self.out.line(line);
            }
        }
        match inline {
            Field::Known(policies) => {
                for policy in policies {
                    let target = Target::Inline {
                        owner: owner.clone(),
                        name: policy.name.clone(),
                    };
                    let line = vec![
                        pad(),
                        (Tone::Link, visible(&policy.name).into_owned()),
                        (Tone::Dim, "  inline".into()),
                    ];
                    self.out.linked(line, indent + 2, Some(target), None);
                }
            }
            other => {
                let mut line = vec![pad(), (Tone::Dim, "inline policies: ".into())];
                line.extend(self.state(other).unwrap_or_default());
                self.out.line(line);
            }
        }
    }

    fn attached(&mut self, arn: &Arc<str>, indent: usize) {
        let aws = Arn::parse(arn).is_ok_and(|arn| arn.account == "aws");
        let target = self.account.find(arn).map(Target::Entity);
        let tone = if target.is_some() {
            Tone::Link
        } else {
            Tone::Plain
        };
        let mut line = vec![
            (Tone::Plain, " ".repeat(indent)),
            (tone, name_of(arn)),
            (
                Tone::Dim,
                if aws {
                    "  AWS managed".into()
                } else {
                    "  managed".into()
                },
            ),
        ];
        if target.is_none() {
            line.push((
                Tone::Warning,
                "  not among the policies that were read".into(),
            ));
        }
        self.out.linked(line, indent + 2, target, Some(arn.clone()));
    }

    /// A policy's text, or why there is none.
    fn text(&mut self, field: &Field<Arc<PolicyText>>) {
        match field {
            Field::Known(text) => {
                let layout = self.app.layouts().of(text);
                self.layout(&layout, true);
                self.out.json(layout.text().to_owned());
            }
            other => {
                let state = self.state(other).unwrap_or_default();
                self.out.line(state);
            }
        }
    }

    fn layout(&mut self, layout: &Rc<Layout>, sentences: bool) {
        for fault in layout.faults() {
            let place = layout.place(fault.span.range().start);
            let text = format!(
                "line {}, column {}: {}",
                place.line, place.column, fault.kind
            );
            self.out.line(vec![(Tone::Bad, text)]);
        }
        let account = self.account;
        let resolve = |name: &str| resolve(account, name);
        self.out
            .document(layout, &self.detail.folds, sentences, &resolve);
    }

    fn inline(&mut self, owner: &EntityRef, name: &str) {
        let found = inline_of(self.account, owner)
            .and_then(Field::known)
            .and_then(|policies| policies.iter().find(|p| p.name == name));
        match found {
            Some(policy) => self.text(&policy.document.clone()),
            None => self.out.line(dim("This policy is no longer there.")),
        }
    }

    /// A policy that is in no list.
    fn stored(&mut self, name: &str) {
        match access::stored_as(self.account, name) {
            Stored::Text(text) => {
                let layout = self.app.layouts().of_str(text);
                self.layout(&layout, true);
                self.out.json(layout.text().to_owned());
            }
            Stored::Unread => self.out.line(dim("The text of this policy was not read.")),
            Stored::Nothing => self.out.line(dim("There is no text of this policy.")),
            Stored::Several => self.out.line(dim(
                "The organisation has several policies of this name, which differ.",
            )),
        }
    }

    fn json(&mut self, entity: &EntityRef) {
        if let Some(json) = snapshot::entity_json(self.account, entity) {
            let layout = Rc::new(Layout::of_json(&json));
            self.layout(&layout, false);
            self.out.json(json);
        }
    }
}

/// The name at the end of an ARN.
fn name_of(arn: &str) -> String {
    visible(Arn::parse(arn).map_or(arn, |a| a.name())).into_owned()
}
