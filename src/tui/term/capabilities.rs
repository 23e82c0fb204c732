//! What the environment says of the terminal. Nothing is asked of the terminal itself.

use std::env;

use crate::source::{ExitCode, Problem};

/// The program between us and the real terminal, which must be told to pass sequences on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Multiplexer {
    /// None that we know of.
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

/// The desktop that the user sits at, where it is this machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desktop {
    /// None, or another machine's.
    None,
    /// macOS.
    MacOs,
    /// Wayland.
    Wayland,
    /// The X window system.
    X11,
}

/// What the terminal can and should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether the locale's encoding is UTF-8; otherwise everything is drawn in ASCII.
    pub utf8: bool,
    /// Whether colours are welcome (<https://no-color.org>).
    pub colour: bool,
    /// The desktop here; at the far end of an SSH connection there is none.
    pub desktop: Desktop,
    /// What sequences must be wrapped for.
    pub multiplexer: Multiplexer,
    /// Whether the terminal can place a cursor at all.
    pub addressable: bool,
}

impl Capabilities {
    /// Reads the environment of the process.
    pub fn of_environment() -> Self {
        Self::read(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// Reads an environment.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        // An empty variable counts as one that is not there, as POSIX says of the locale's.
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let any_of = |names: &[&str]| names.iter().any(|name| set(name).is_some());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let term = set("TERM");
        Self {
            utf8: locale.is_none_or(|name| names_utf8(&name)),
            colour: set("NO_COLOR").is_none(),
            desktop: if any_of(&["SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT"]) {
                Desktop::None
            } else if cfg!(target_os = "macos") {
                Desktop::MacOs
            } else if any_of(&["WAYLAND_DISPLAY"]) {
                Desktop::Wayland
            } else if any_of(&["DISPLAY"]) {
                Desktop::X11
            } else {
                Desktop::None
            },
            multiplexer: if set("TMUX").is_some()
                || term.as_deref().is_some_and(|term| term.starts_with("tmux"))
            {
                Multiplexer::Tmux
            } else if set("STY").is_some() {
                Multiplexer::Screen
            } else {
                Multiplexer::None
            },
            addressable: term.is_some_and(|term| term != "dumb"),
        }
    }

    /// Whether the interface can run here.
    ///
    /// # Errors
    /// A [`Problem`] where the terminal cannot place a cursor.
    pub fn check(&self) -> Result<(), Problem> {
        if self.addressable {
            return Ok(());
        }
        Err(Problem::new(
            "cannot start the interface",
            "TERM is empty or `dumb`: this terminal cannot place a cursor",
        )
        .next("set TERM to what the terminal is, such as `TERM=xterm-256color iamscope`")
        .next("run `iamscope --help` to see the commands that print their answer")
        .exit(ExitCode::Usage))
    }
}

/// Whether a locale such as `de_DE.UTF-8@euro`, or macOS's bare `UTF-8`, has UTF-8 as its
/// encoding.
fn names_utf8(locale: &str) -> bool {
    let encoding = locale.split_once('.').map_or(locale, |(_, rest)| rest);
    let encoding = encoding.split('@').next().unwrap_or_default();
    encoding.eq_ignore_ascii_case("utf-8") || encoding.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Capabilities {
        Capabilities::read(|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_locale_tells_the_encoding_by_the_order_of_posix() {
        for (variables, utf8) in [
            (&[("LANG", "en_GB.UTF-8")][..], true),
            (&[("LANG", "de_DE.utf8@euro")], true),
            (&[("LC_CTYPE", "UTF-8")], true),
            (&[("LANG", "C")], false),
            (&[("LANG", "de_DE.ISO-8859-1")], false),
            (&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], false),
            (
                &[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C")],
                true,
            ),
            // Nothing is said, as on many servers; terminals have spoken UTF-8 for decades.
            (&[], true),
        ] {
            assert_eq!(of(variables).utf8, utf8, "{variables:?}");
        }
    }

    #[test]
    fn colours_are_welcome_unless_they_are_not() {
        assert!(of(&[]).colour);
        assert!(of(&[("NO_COLOR", "")]).colour);
        assert!(!of(&[("NO_COLOR", "1")]).colour);
    }

    #[test]
    fn a_dumb_terminal_is_refused_with_a_way_out() {
        assert!(of(&[("TERM", "xterm-256color")]).check().is_ok());
        for variables in [&[("TERM", "dumb")][..], &[]] {
            let problem = of(variables).check().unwrap_err();
            assert_eq!(problem.exit, ExitCode::Usage);
            assert!(problem.to_string().contains("TERM"));
        }
    }

    #[test]
    fn multiplexers_are_known_by_their_variables() {
        let tmux = of(&[("TMUX", "/tmp/tmux-1000/default,1,0"), ("TERM", "screen")]);
        assert_eq!(tmux.multiplexer, Multiplexer::Tmux);
        // At the far end of SSH only the name of the terminal tells.
        let far = of(&[("TERM", "tmux-256color"), ("SSH_CONNECTION", "a 1 b 22")]);
        assert_eq!(far.multiplexer, Multiplexer::Tmux);
        let screen = of(&[("STY", "1.pts-0"), ("TERM", "screen")]);
        assert_eq!(screen.multiplexer, Multiplexer::Screen);
        assert_eq!(of(&[("TERM", "xterm")]).multiplexer, Multiplexer::None);
    }

    #[cfg(not(target_os = "macos"))]
    #[test]
    fn the_desktop_counts_only_where_the_user_sits() {
        let (x, wayland) = (("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0"));
        assert_eq!(of(&[x]).desktop, Desktop::X11);
        assert_eq!(of(&[x, wayland]).desktop, Desktop::Wayland);
        assert_eq!(of(&[]).desktop, Desktop::None);
        let ssh = ("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22");
        assert_eq!(of(&[x, wayland, ssh]).desktop, Desktop::None);
    }
}
