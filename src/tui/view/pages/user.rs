//! A user's tabs.

use super::{Maker, dim, plain};
use crate::iam::{AccessKey, EntityRef, Field, Kind, Status, User};
use crate::tui::detail::Tab;
use crate::tui::page::{Piece, Target, Tone};
use crate::tui::time::{ago, days};
use crate::visible::visible;

/// The age in days from which a key counts as old: the limit that AWS's own guidance names
/// (id_credentials_access-keys_update).
const OLD_KEY: i64 = 90;

impl Maker<'_> {
    pub(super) fn user(&mut self, entity: &EntityRef, tab: Tab) {
        let Some(user) = self.account.user(&entity.arn) else {
            return;
        };
        match tab {
            Tab::Permissions => self.user_permissions(entity, user),
            Tab::Groups => self.user_groups(user),
            Tab::Credentials => self.credentials(user),
            Tab::Tags => self.tags(&user.tags),
            _ => self.user_overview(user),
        }
    }

    fn user_overview(&mut self, user: &User) {
        self.arn_and_id(&user.arn, &user.id);
        self.out.pair("Path", plain(&user.path), None);
        self.created(user.created);
        let value = match user.details.last_used() {
            Field::Known(Some(at)) => self.when(at),
            Field::Known(None) => vec![(Tone::Warning, "never".into())],
            other => self.state(&other).unwrap_or_default(),
        };
        self.out.pair("Last used", value, None);
        self.out.blank();
        self.boundary(&user.boundary);
        self.field_to(Tab::Groups, "Groups", &user.groups, |groups| {
            if groups.is_empty() {
                return dim("none");
            }
            let names: Vec<_> = groups.iter().map(|g| visible(g)).collect();
            plain(names.join(", "))
        });
        self.field_to(Tab::Permissions, "Attached", &user.attached, |p| {
            plain(p.len().to_string())
        });
        self.field_to(Tab::Permissions, "Inline", &user.inline, |p| {
            plain(p.len().to_string())
        });
        self.out.blank();
        self.field_to(
            Tab::Credentials,
            "Password",
            &user.details.login_profile,
            |profile| match profile {
                Some(_) => plain("can sign in to the console"),
                None => dim("none"),
            },
        );
        let profile = user.details.login_profile.known().cloned().flatten();
        self.field_to(
            Tab::Credentials,
            "MFA",
            &user.details.mfa_devices,
            |devices| match (devices.len(), profile) {
                (0, Some(_)) => vec![(Tone::Bad, "none, though there is a password".into())],
                (0, None) => dim("none"),
                (n, _) => vec![(
                    Tone::Good,
                    format!("{n} device{}", if n == 1 { "" } else { "s" }),
                )],
            },
        );
        self.field_to(
            Tab::Credentials,
            "Access keys",
            &user.details.access_keys,
            |keys| {
                let active = keys.iter().filter(|k| k.status == Status::Active).count();
                plain(format!("{} ({active} active)", keys.len()))
            },
        );
        self.field_to(Tab::Tags, "Tags", &user.tags, |tags| {
            plain(tags.len().to_string())
        });
    }

    fn user_permissions(&mut self, entity: &EntityRef, user: &User) {
        self.out.heading("Own policies");
        self.policies(entity, &user.attached, &user.inline, 2);
        self.out.heading("Through groups");
        let groups = user.groups.clone();
        self.list(&groups, "  in no group", |maker, name| {
            let Some(group) = maker.account.group_named(name) else {
                maker.out.line(vec![
                    (Tone::Plain, format!("  {}", visible(name))),
                    (
                        Tone::Warning,
                        "  not among the groups that were read".into(),
                    ),
                ]);
                return;
            };
            let reference = EntityRef::new(Kind::Group, group.arn.clone());
            maker.out.linked(
                vec![
                    (Tone::Dim, "  group ".into()),
                    (Tone::Link, visible(name).into_owned()),
                ],
                4,
                Some(Target::Entity(reference.clone())),
                None,
            );
            maker.policies(&reference, &group.attached, &group.inline, 4);
        });
        self.out.heading("Bounded by");
        match &user.boundary {
            Field::Known(Some(arn)) => self.attached(arn, 2),
            Field::Known(None) => self.out.line(dim("  no permissions boundary")),
            other => {
                let state = self.state(other).unwrap_or_default();
                self.out.line(state);
            }
        }
    }

    fn user_groups(&mut self, user: &User) {
        let groups = user.groups.clone();
        self.list(&groups, "In no group.", |maker, name| {
            let at = maker
                .account
                .group_named(name)
                .and_then(|g| maker.account.find(&g.arn))
                .and_then(|r| Some((maker.account.position(Kind::Group, &r.arn)?, r)));
            match at {
                Some((at, reference)) => {
                    maker.out.entity(Kind::Group, at as u32, "", reference);
                }
                None => maker.out.line(plain(&**name)),
            }
        });
    }

    fn credentials(&mut self, user: &User) {
        let details = user.details.clone();
        self.out.heading("Console password");
        match &details.login_profile {
            Field::Known(Some(profile)) => {
                let created = profile.created;
                self.created(created);
                if profile.reset_required {
                    self.out.line(vec![(
                        Tone::Warning,
                        "must be changed at the next sign-in".into(),
                    )]);
                }
                let used = details.password_last_used.clone();
                let value = match used.known() {
                    Some(Some(at)) => self.when(*at),
                    Some(None) => vec![(Tone::Warning, "never".into())],
                    None => self.state(&used).unwrap_or_default(),
                };
                self.out.pair("Last sign-in", value, None);
            }
            Field::Known(None) => self.out.line(dim("none: cannot sign in to the console")),
            other => {
                let state = self.state(other).unwrap_or_default();
                self.out.line(state);
            }
        }
        self.out.heading("MFA devices");
        self.list(&details.mfa_devices, "none", |maker, device| {
            let mut line = plain(&*device.serial);
            if let Some(at) = device.enabled {
                line.push((Tone::Dim, format!("  since {}", crate::tui::time::date(at))));
            }
            maker
                .out
                .linked(line, 2, None, Some((&*device.serial).into()));
        });
        self.out.heading("Access keys");
        self.list(&details.access_keys, "none", |maker, key| {
            maker.access_key(key)
        });
        self.out.heading("SSH public keys");
        self.list(&details.ssh_keys, "none", |maker, key| {
            let line = maker.credential(&key.id, key.status, key.uploaded);
            maker
                .out
                .linked(line, 2, None, Some(key.id.as_str().into()));
        });
        self.out.heading("Service-specific credentials");
        self.list(&details.service_credentials, "none", |maker, credential| {
            let mut line = maker.credential(&credential.id, credential.status, credential.created);
            let of = format!(
                "  {} as {}",
                visible(&credential.service),
                visible(&credential.service_user_name)
            );
            line.push((Tone::Plain, of));
            maker
                .out
                .linked(line, 2, None, Some(credential.id.as_str().into()));
        });
    }

    fn credential(&self, id: &str, status: Status, created: Option<jiff::Timestamp>) -> Vec<Piece> {
        let tone = if status == Status::Active {
            Tone::Good
        } else {
            Tone::Dim
        };
        let mut line = plain(id);
        line.push((tone, format!("  {}", status.as_str())));
        if let Some(at) = created {
            line.push((Tone::Dim, format!("  made {}", ago(at, self.now()))));
        }
        line
    }

    fn access_key(&mut self, key: &AccessKey) {
        let mut line = self.credential(&key.id, key.status, key.created);
        let old = key
            .created
            .is_some_and(|at| days(at, self.now()) >= OLD_KEY);
        if old && key.status == Status::Active {
            line.push((Tone::Warning, "  rotate".into()));
        }
        self.out.linked(line, 2, None, Some(key.id.as_str().into()));
        let mut line = vec![(Tone::Plain, "  ".to_owned())];
        match &key.last_used {
            Field::Known(Some(used)) => {
                let text = format!(
                    "used {} for {} in {}",
                    ago(used.at, self.now()),
                    visible(&used.service),
                    visible(&used.region)
                );
                line.push((Tone::Plain, text));
            }
            Field::Known(None) => line.push((Tone::Warning, "never used".into())),
            other => {
                line.push((Tone::Dim, "last use: ".into()));
                line.extend(self.state(other).unwrap_or_default());
            }
        }
        self.out.linked(line, 2, None, Some(key.id.as_str().into()));
    }
}
