//! The folders that the system gives the program for what it keeps for its user.

use std::path::PathBuf;

use directories::ProjectDirs;

/// Those for data and settings; `None` where the system names no home.
pub fn of_user() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "convscope")
}

/// The one for what a person neither made nor set, on Linux `~/.local/state/convscope`.
pub fn state_of_user() -> Option<PathBuf> {
    let user = of_user()?;
    Some(user.state_dir().unwrap_or(user.data_local_dir()).to_owned())
}
