//! The default places of data on this machine, and the meaning of a typed path.

use std::env;
use std::path::PathBuf;

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

    /// A typed path: `~` is the home folder; quotes around it, or `file://` before it, as file managers paste them, are
    /// removed.
    pub fn expand(&self, text: &str) -> PathBuf {
        let text = text.trim();
        let bare = ['\'', '"'].iter().find_map(|quote| {
            let rest = text.strip_prefix(*quote)?;
            rest.strip_suffix(*quote)
        });
        let text = bare.unwrap_or(text);
        let text = text.strip_prefix("file://").unwrap_or(text);
        match (text.strip_prefix('~'), &self.home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                home.join(rest.trim_start_matches('/'))
            }
            _ => PathBuf::from(text),
        }
    }
}
