//! `slurm.sh`: what every task of an array runs.

use std::fs;
use std::path::{Path, PathBuf};

use super::Resources;
use crate::data::replace_file;
use crate::sweep::folder::SweepFolder;
use crate::wording::reason_of;

/// The folder of what tasks print, in the sweep's folder.
const PRINTED: &str = "slurm";
/// Seconds before the time limit at which a task is told to save.
const NOTICE: u32 = 120;

/// What a script is made of.
pub struct Script<'a> {
    pub folder: &'a SweepFolder,
    pub program: &'a Path,
    pub resources: &'a Resources,
    /// Options of sbatch.
    pub lines: &'a [String],
}

impl Script<'_> {
    /// That of a sweep.
    pub fn path(folder: &SweepFolder) -> PathBuf {
        folder.path().join("slurm.sh")
    }

    /// Writes it.
    ///
    /// # Errors
    /// If it cannot be written; in a sentence.
    pub fn write(&self) -> Result<(), String> {
        let path = Self::path(self.folder);
        let failed = |error| {
            format!(
                "{}: cannot be written: {}",
                path.display(),
                reason_of(&error)
            )
        };
        let folder = self.folder.path();
        let whole = fs::canonicalize(folder).map_err(failed)?;
        let plan = self.folder.plan().map_err(|error| error.to_string())?;
        fs::create_dir_all(folder.join(PRINTED)).map_err(failed)?;
        replace_file(&path, self.text(&whole, &plan.working_folder).as_bytes()).map_err(failed)
    }

    fn text(&self, folder: &Path, working_folder: &Path) -> String {
        let Resources { jobs, threads, .. } = self.resources;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let extra = self.lines.iter().map(|line| format!("#SBATCH {line}\n"));
        format!(
            "#!/bin/bash\n\
             # Trains a sweep: every task takes one trial after the other until none is left.\n\
             # Edit this script as your cluster needs it; it is written only once. Submit it with\n\
             #     convscope sweep resume {folder}\n\
             #SBATCH --job-name={job_name}\n\
             #SBATCH --chdir={chdir}\n\
             #SBATCH --output={PRINTED}/%A_%a.out\n\
             #SBATCH --open-mode=append\n\
             #SBATCH --ntasks=1\n\
             #SBATCH --cpus-per-task={cpus}\n\
             # A task is told {NOTICE} seconds before its time is up: it saves its run, and waits in the queue again.\n\
             #SBATCH --signal=B:TERM@{NOTICE}\n\
             #SBATCH --requeue\n\
             {extra}\n\
             # What a task needs first, such as `module load …`, goes here.\n\
             \n\
             # Relative paths of the preset start from here.\n\
             cd {working_folder}\n\
             # In place of the shell, so that the program itself is told.\n\
             exec {program} sweep trial --free --jobs {jobs} --threads {threads} -- {sweep}\n",
            folder = folder.display(),
            job_name = for_sbatch(&name),
            chdir = for_sbatch(&folder.display().to_string()),
            cpus = jobs * threads,
            extra = extra.collect::<String>(),
            working_folder = for_shell(working_folder),
            program = for_shell(self.program),
            sweep = for_shell(folder),
        )
    }
}

/// A value as sbatch reads it in a script.
fn for_sbatch(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A path as the shell reads it.
fn for_shell(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}
