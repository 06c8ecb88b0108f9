//! The options of `--executor slurm`.

use crate::sweep::executor::{ExecutorOption, Takes};

/// Trials per task, unless told otherwise.
const PACK: usize = 4;

pub static OPTIONS: &[ExecutorOption] = &[
    ExecutorOption {
        name: "partition",
        help: "Partition of the cluster",
        takes: Takes::Text("NAME"),
    },
    ExecutorOption {
        name: "time",
        help: "Time limit of a task, as sbatch takes it; then it is saved and queued again",
        takes: Takes::Text("TIME"),
    },
    ExecutorOption {
        name: "account",
        help: "Account to charge",
        takes: Takes::Text("ACCOUNT"),
    },
    ExecutorOption {
        name: "sbatch",
        help: "Any other option of sbatch, such as --sbatch=--mem=4G; can be repeated",
        takes: Takes::Texts("OPTION"),
    },
    ExecutorOption {
        name: "at-once",
        help: "The most tasks that run at once [default: as many as the cluster allows]",
        takes: Takes::Number,
    },
    ExecutorOption {
        name: "pack",
        help: "Trials to plan for each task, one after the other [default: 4]",
        takes: Takes::Number,
    },
    ExecutorOption {
        name: "script-only",
        help: "Write the script, to be edited first, and submit nothing; `sweep resume` then submits it",
        takes: Takes::Nothing,
    },
];

/// What they say.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// Options of sbatch, such as `--time=1:00:00`.
    pub lines: Vec<String>,
    /// The most tasks at once.
    pub at_once: Option<usize>,
    /// Trials per task.
    pub pack: usize,
    /// Whether only the script is written.
    pub script_only: bool,
}

impl Options {
    /// From names and values, as they were given.
    ///
    /// # Errors
    /// If a value is none for its option; in a sentence.
    pub fn read(given: &[(&'static str, String)]) -> Result<Self, String> {
        let mut options = Self {
            lines: Vec::new(),
            at_once: None,
            pack: PACK,
            script_only: false,
        };
        for (name, value) in given {
            let number = || {
                let number = value.parse::<usize>().ok().filter(|&number| number > 0);
                number
                    .ok_or_else(|| format!("--{name}: expected a whole number from 1, got {value}"))
            };
            if value.contains(['\n', '\r']) {
                return Err(format!("--{name}: expected one line, got {value:?}"));
            }
            match *name {
                "at-once" => options.at_once = Some(number()?),
                "pack" => options.pack = number()?,
                "script-only" => options.script_only = true,
                "sbatch" if !value.starts_with('-') => {
                    return Err(format!(
                        "--sbatch: expected an option of sbatch, such as --mem=4G, got {value}"
                    ));
                }
                "sbatch" => options.lines.push(value.clone()),
                name if value.contains(char::is_whitespace) => {
                    return Err(format!("--{name}: expected one word, got {value:?}"));
                }
                name => options.lines.push(format!("--{name}={value}")),
            }
        }
        Ok(options)
    }
}
