//! The default places of data on this machine, and the meaning of a typed path.

use std::env;
use std::path::{Path, PathBuf};

use super::known::KNOWN_SETS;
use crate::folders;

/// The places searched for known sets, in this order.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// `$CONVSCOPE_DATA`: a data set, or a folder with folders named like known sets.
    pub variable: Option<PathBuf>,
    /// The program's folder in the user's data folder, with folders named like known sets.
    pub user: Option<PathBuf>,
    /// Folders of system packages, each named like a known set.
    pub system: Vec<PathBuf>,
    /// The home folder, for `~`.
    pub home: Option<PathBuf>,
}

impl Places {
    /// The places on this machine, for this user.
    pub fn here() -> Self {
        let variable = env::var_os("CONVSCOPE_DATA").filter(|value| !value.is_empty());
        let user = folders::of_user();
        let debian = KNOWN_SETS.iter().filter_map(|set| set.debian);
        Self {
            variable: variable.map(PathBuf::from),
            user: user.map(|user| user.data_dir().to_owned()),
            system: debian.map(|(_, folder)| PathBuf::from(folder)).collect(),
            home: directories::BaseDirs::new().map(|user| user.home_dir().to_owned()),
        }
    }

    /// A typed path: `~` is the home folder; what terminals and file managers paste around it is [removed](pasted_path), unless there is
    /// something of just this name.
    pub fn expand(&self, text: &str) -> PathBuf {
        let bare = match Path::new(text).exists() {
            true => text.to_owned(),
            false => pasted_path(text),
        };
        let text = bare.as_str();
        match (text.strip_prefix('~'), &self.home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                home.join(rest.trim_start_matches('/'))
            }
            _ => PathBuf::from(text),
        }
    }
}

/// A path without what terminals and file managers paste with it: quotes around it, backslashes before its spaces and brackets, `file://` with
/// its `%20`.
pub fn pasted_path(text: &str) -> String {
    let text = text.trim();
    let bare = ['\'', '"'].iter().find_map(|quote| {
        let rest = text.strip_prefix(*quote)?;
        rest.strip_suffix(*quote)
    });
    if let Some(bare) = bare {
        return bare.to_owned();
    }
    if let Some(address) = text.strip_prefix("file://") {
        return from_address(address.strip_prefix("localhost").unwrap_or(address));
    }
    let mut letters = text.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        plain.extend(match letter {
            '\\' => letters.next(),
            letter => Some(letter),
        });
    }
    plain
}

/// With `%20` as a space and so on, if that is a text.
fn from_address(address: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = address.as_bytes();
    while let [first, others @ ..] = rest {
        let is_code = |code: &&[u8]| *first == b'%' && code.iter().all(u8::is_ascii_hexdigit);
        let code = others.get(..2).filter(is_code);
        let code =
            code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &others[2..] } else { others };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_around_a_path_is_removed() {
        for (pasted, path) in [
            ("/a/my set.npz", "/a/my set.npz"),
            (" '/a/my set.npz' ", "/a/my set.npz"),
            ("\"/a/b\"", "/a/b"),
            (r"/a/my\ set\ \(2\).npz", "/a/my set (2).npz"),
            (r"/a/back\\slash", r"/a/back\slash"),
            ("file:///a/my%20set.npz", "/a/my set.npz"),
            ("file://localhost/a/%C3%A4.npz", "/a/ä.npz"),
            ("file:///a/100%", "/a/100%"),
            ("file:///a/%zz%+1", "/a/%zz%+1"),
        ] {
            assert_eq!(pasted_path(pasted), path, "{pasted}");
        }
    }

    #[test]
    fn what_exists_under_its_own_name_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join(r"a\ b");
        let places = Places::default();
        let typed = odd.display().to_string();
        assert_eq!(places.expand(&typed), folder.path().join("a b"));
        std::fs::write(&odd, "").unwrap();
        assert_eq!(places.expand(&typed), odd);
    }
}
