//! A role's tabs.

use super::{Maker, dim, plain};
use crate::iam::{EntityRef, Field, Role};
use crate::policy::{Effect, TrustEntry, Trustee, trust_entries};
use crate::tui::detail::Tab;
use crate::tui::page::{Target, Tone};
use crate::tui::resolve::resolve;
use crate::visible::visible;

impl Maker<'_> {
    pub(super) fn role(&mut self, entity: &EntityRef, tab: Tab) {
        let Some(role) = self.account.role(&entity.arn) else {
            return;
        };
        match tab {
            Tab::Trust => self.trust(role),
            Tab::Permissions => self.role_permissions(entity, role),
            Tab::Instances => self.instances(role),
            Tab::Tags => self.tags(&role.tags),
            _ => self.role_overview(role),
        }
    }

    fn role_overview(&mut self, role: &Role) {
        self.arn_and_id(&role.arn, &role.id);
        self.out.pair("Path", plain(&role.path), None);
        self.created(role.created);
        let used = match &role.last_used {
            Field::Known(Some(used)) => {
                let mut value = self.when(used.at);
                if let Some(region) = &used.region {
                    value.push((Tone::Dim, format!(" in {}", visible(region))));
                }
                value
            }
            Field::Known(None) => {
                vec![(Tone::Warning, "never in the 400 days that IAM keeps".into())]
            }
            other => self.state(other).unwrap_or_default(),
        };
        self.out.pair("Last used", used, None);
        self.field("Description", &role.details.description, |text| {
            if text.is_empty() {
                dim("none")
            } else {
                plain(&**text)
            }
        });
        self.field(
            "Longest session",
            &role.details.max_session_duration,
            |seconds| plain(duration(*seconds)),
        );
        if role.is_service_linked() {
            let text = "service-linked: only the service can change it";
            self.out.pair("Kind", plain(text), None);
        }
        self.out.blank();
        let trusted = match &role.trust {
            Field::Known(text) => {
                let context = self.app.context();
                plain(&*context.trust.summary(text, self.account.id.as_deref()))
            }
            other => self.state(other).unwrap_or_default(),
        };
        self.out
            .pair("Trusted by", trusted, Some(Target::Tab(Tab::Trust)));
        self.boundary(&role.boundary);
        self.field_to(Tab::Permissions, "Attached", &role.attached, |p| {
            plain(p.len().to_string())
        });
        self.field_to(Tab::Permissions, "Inline", &role.inline, |p| {
            plain(p.len().to_string())
        });
        self.field_to(
            Tab::Instances,
            "Instance prof.",
            &role.instance_profiles,
            |p| plain(p.len().to_string()),
        );
        self.field_to(Tab::Tags, "Tags", &role.tags, |tags| {
            plain(tags.len().to_string())
        });
    }

    /// Who may assume it: in words first, then the text.
    fn trust(&mut self, role: &Role) {
        let Field::Known(text) = &role.trust else {
            let state = self.state(&role.trust).unwrap_or_default();
            self.out.line(state);
            return;
        };
        let layout = self.app.layouts().of(text);
        self.out.heading("Who may assume it");
        let entries = trust_entries(layout.document());
        if entries.is_empty() {
            self.out
                .line(dim("Nobody: no statement of this policy names anyone."));
        }
        for entry in &entries {
            self.trust_entry(entry);
        }
        self.out.blank();
        self.text(&role.trust.clone());
    }

    /// One principal of a trust policy, and what must hold.
    fn trust_entry(&mut self, entry: &TrustEntry) {
        let symbols = self.app.setup().theme.symbols;
        let (symbol, tone) = match (entry.is_allow(), entry.conditions.is_empty()) {
            // Allows something, but not to assume the role.
            (false, _) if entry.effect == Some(Effect::Allow) => (symbols.none, Tone::Dim),
            (false, _) => (symbols.no, Tone::Bad),
            (true, true) => (symbols.yes, Tone::Good),
            (true, false) => (symbols.maybe, Tone::Warning),
        };
        let mut line = vec![(tone, format!("  {symbol} "))];
        let words = match (entry.effect, entry.is_excepted) {
            (None, _) => "no valid Effect: ",
            (Some(Effect::Allow), true) => "anyone but ",
            (Some(Effect::Allow), false) => "",
            (Some(Effect::Deny), true) => "denied: anyone but ",
            (Some(Effect::Deny), false) => "denied: ",
        };
        line.push((tone, words.to_owned()));
        let target = resolve(self.account, &entry.value.text);
        let name = if target.is_some() {
            Tone::Link
        } else {
            Tone::Plain
        };
        let own = self.account.id.as_deref();
        line.push((name, visible(&self.trustee(&entry.who, own)).into_owned()));
        if !entry.assumes {
            let actions = visible(&entry.actions.join(", ")).into_owned();
            line.push((Tone::Dim, format!("  only {actions}")));
        }
        let copy = Some(entry.value.text.as_str().into());
        self.out.linked(line, 6, target.map(Target::Entity), copy);
        for (i, condition) in entry.conditions.iter().enumerate() {
            let word = if i == 0 { "if" } else { "and" };
            let text = format!("      {word} {}", visible(condition));
            self.out.linked(vec![(Tone::Dim, text)], 8, None, None);
        }
    }

    /// Who it is, in words; what belongs to this account does not name it.
    fn trustee(&self, who: &Trustee, own: Option<&str>) -> String {
        match who {
            Trustee::Account(id) if own == Some(id) => {
                "whoever in this account its own policies let".to_owned()
            }
            Trustee::Role { .. } | Trustee::User { .. } | Trustee::Session { .. } => who.label(own),
            _ => who.in_words(),
        }
    }

    fn role_permissions(&mut self, entity: &EntityRef, role: &Role) {
        self.out.heading("Own policies");
        self.policies(entity, &role.attached, &role.inline, 2);
        self.out.heading("Bounded by");
        match &role.boundary {
            Field::Known(Some(arn)) => self.attached(arn, 2),
            Field::Known(None) => self.out.line(dim("  no permissions boundary")),
            other => {
                let state = self.state(other).unwrap_or_default();
                self.out.line(state);
            }
        }
    }

    fn instances(&mut self, role: &Role) {
        let profiles = role.instance_profiles.clone();
        self.list(
            &profiles,
            "In no instance profile: EC2 instances cannot get it.",
            |maker, p| {
                maker.out.heading(visible(&p.name));
                maker.out.pair("ARN", plain(&*p.arn), None);
                maker.out.pair("Id", plain(&p.id), None);
                maker.created(p.created);
            },
        );
    }
}

/// Seconds as people say them.
fn duration(seconds: u32) -> String {
    match (seconds / 3600, seconds % 3600 / 60) {
        (1, 0) => "1 hour".into(),
        (hours, 0) => format!("{hours} hours"),
        (0, minutes) => format!("{minutes} minutes"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
