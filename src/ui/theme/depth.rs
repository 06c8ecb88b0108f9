//! The colour depth of the terminal.

/// The colour depth of a terminal, from none to 24 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColorDepth {
    /// No colour: pictures are drawn with `░▒▓█`, and styles differ by bold, underline and reverse.
    None,
    /// The sixteen ANSI colours, whose appearance depends on the terminal.
    Basic16,
    /// xterm's 256 colours.
    Indexed256,
    /// 24-bit colour.
    TrueColor,
}

/// Terminals with 24-bit colour that name themselves in `TERM`, which SSH passes on while it drops `COLORTERM`.
const TRUE_COLOR_TERMS: [&str; 8] = [
    "xterm-kitty",
    "xterm-ghostty",
    "alacritty",
    "foot",
    "wezterm",
    "contour",
    "rio",
    "iterm2",
];

impl ColorDepth {
    /// The depth according to the environment; `variable` looks up one environment variable.
    ///
    /// `NO_COLOR` (<https://no-color.org>) wins over everything; then `TERM=dumb`; GNU screen drops 24-bit colours, so
    /// inside it an inherited `COLORTERM` is ignored, whereas tmux converts the colours itself.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default().to_lowercase();
        let is_mono = matches!(term.as_str(), "dumb" | "vt100" | "vt102" | "vt220")
            || term.ends_with("-mono")
            || term.ends_with("-m");
        if set("NO_COLOR").is_some() || is_mono {
            return Self::None;
        }
        let by_name = if term.contains("256color") {
            Self::Indexed256
        } else {
            Self::Basic16
        };
        let inside_tmux = set("TMUX").is_some() || term.starts_with("tmux");
        if (term.starts_with("screen") || set("STY").is_some()) && !inside_tmux {
            return by_name;
        }
        let promised = set("COLORTERM")
            .is_some_and(|value| matches!(value.to_lowercase().as_str(), "truecolor" | "24bit"));
        let known = term.ends_with("-direct")
            || TRUE_COLOR_TERMS.iter().any(|name| term.starts_with(name))
            || set("WT_SESSION").is_some();
        if promised || known {
            Self::TrueColor
        } else {
            by_name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(environment: &[(&str, &str)]) -> ColorDepth {
        ColorDepth::detect(|name| {
            environment
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn depth_follows_the_environment() {
        use ColorDepth::{Basic16, Indexed256, None, TrueColor};
        let cases: &[(&[(&str, &str)], ColorDepth)] = &[
            (&[], Basic16),
            (&[("TERM", "xterm")], Basic16),
            (&[("TERM", "linux")], Basic16),
            (&[("TERM", "xterm-256color")], Indexed256),
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
                TrueColor,
            ),
            (&[("TERM", "xterm"), ("COLORTERM", "24bit")], TrueColor),
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "yes")],
                Indexed256,
            ),
            // Over SSH only TERM arrives.
            (&[("TERM", "xterm-kitty")], TrueColor),
            (&[("TERM", "foot-extra")], TrueColor),
            (&[("TERM", "xterm-direct")], TrueColor),
            (
                &[("TERM", "xterm-256color"), ("WT_SESSION", "1")],
                TrueColor,
            ),
            // tmux under its old and its new name, with and without a promise.
            (
                &[
                    ("TERM", "screen-256color"),
                    ("TMUX", "/tmp/tmux-0/default,1,0"),
                    ("COLORTERM", "truecolor"),
                ],
                TrueColor,
            ),
            (&[("TERM", "tmux-256color")], Indexed256),
            (
                &[("TERM", "tmux-256color"), ("COLORTERM", "truecolor")],
                TrueColor,
            ),
            // GNU screen hands on COLORTERM but not the colours.
            (
                &[
                    ("TERM", "screen-256color"),
                    ("STY", "1.tty"),
                    ("COLORTERM", "truecolor"),
                ],
                Indexed256,
            ),
            (&[("TERM", "screen"), ("COLORTERM", "truecolor")], Basic16),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], None),
            (&[("TERM", "vt220")], None),
            (&[("TERM", "xterm-mono")], None),
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")], None),
            // An empty NO_COLOR does not count, says the convention.
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "")], TrueColor),
        ];
        for (environment, expected) in cases {
            assert_eq!(detect(environment), *expected, "{environment:?}");
        }
    }
}
