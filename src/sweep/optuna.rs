//! A sweep as a study of Optuna: its journal format, which `optuna.storages.JournalStorage` opens.
//!
//! One operation per line, numbered as in `optuna/storages/journal/_storage.py` of Optuna 2.10 to 5.0. Numbers are float or integer
//! parameters between the smallest and the largest value, so that plots have axes of numbers; everything else is categorical. Trials that
//! have not begun are left out.

use serde_json::{Value, json};

use super::coordinator::Coordinator;
use super::error::SweepError;
use super::halving::Measure;
use super::state::{Stand, TrialState};
use super::trials::Trial;
use super::varied::Varied;
use crate::runs::RunFolder;

/// Operations.
const CREATE_STUDY: u8 = 0;
const SET_STUDY_USER_ATTRIBUTE: u8 = 2;
const SET_STUDY_SYSTEM_ATTRIBUTE: u8 = 3;
const CREATE_TRIAL: u8 = 4;
const SET_PARAMETER: u8 = 5;
const SET_STATE: u8 = 6;
const SET_INTERMEDIATE_VALUE: u8 = 7;
const SET_TRIAL_USER_ATTRIBUTE: u8 = 8;
/// Directions of a study.
const MINIMIZE: u8 = 1;
const MAXIMIZE: u8 = 2;
/// States of a trial that has ended; without one it is running.
const COMPLETE: u8 = 1;
const PRUNED: u8 = 2;
const FAILED: u8 = 3;
/// From this ratio between largest and smallest value on, plots of positive numbers are logarithmic.
const LOGARITHMIC: f64 = 100.0;

/// The journal of a sweep whose trials are compared by a figure.
///
/// # Errors
/// If a run cannot be read.
pub fn journal(sweep: &Coordinator, by: Measure) -> Result<String, SweepError> {
    let mut journal = Journal::default();
    let path = sweep.folder().path();
    let name = path.file_name().unwrap_or(path.as_os_str());
    let direction = if by.is_higher_better() {
        MAXIMIZE
    } else {
        MINIMIZE
    };
    journal.add(
        CREATE_STUDY,
        json!({"study_name": name.to_string_lossy(), "directions": [direction]}),
    );
    journal.of_study(
        SET_STUDY_SYSTEM_ATTRIBUTE,
        json!({"system_attr": {"study:metric_names": [by.words()]}}),
    );
    journal.of_study(
        SET_STUDY_USER_ATTRIBUTE,
        json!({"user_attr": {"sweep": path}}),
    );
    let varied = Varied::of(sweep.trials().map(|(trial, _)| trial));
    let parameters: Vec<Parameter> = (0..varied.paths().len())
        .map(|index| Parameter::of(&varied, index, sweep.trials().map(|(trial, _)| trial)))
        .collect();
    let begun = sweep.trials().filter(|(_, state)| state.run.is_some());
    for (id, (trial, state)) in begun.enumerate() {
        journal.add_trial(id, sweep, (trial, state), &parameters, by)?;
    }
    Ok(journal.0)
}

/// The lines so far.
#[derive(Default)]
struct Journal(String);

impl Journal {
    fn add(&mut self, operation: u8, mut rest: Value) {
        rest["op_code"] = operation.into();
        rest["worker_id"] = "convscope".into();
        self.0 += &rest.to_string();
        self.0.push('\n');
    }

    fn of_study(&mut self, operation: u8, mut rest: Value) {
        rest["study_id"] = 0.into();
        self.add(operation, rest);
    }

    fn add_trial(
        &mut self,
        id: usize,
        sweep: &Coordinator,
        (trial, state): (&Trial, &TrialState),
        parameters: &[Parameter],
        by: Measure,
    ) -> Result<(), SweepError> {
        let Some(path) = &state.run else {
            return Ok(());
        };
        let run = RunFolder::open(path)?;
        let (record, history) = (run.record()?, run.metrics()?);
        let time = |time: jiff::Timestamp| time.strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00").to_string();
        self.of_study(
            CREATE_TRIAL,
            json!({"datetime_start": time(record.started)}),
        );
        let mut set = |operation: u8, mut rest: Value| {
            rest["trial_id"] = id.into();
            self.add(operation, rest);
        };
        for parameter in parameters {
            if let Some(text) = trial.setting(&parameter.path) {
                set(SET_PARAMETER, parameter.value(text));
            }
        }
        for epoch in &history {
            let value = by.of_epoch(epoch);
            if value.is_finite() {
                let rest = json!({"step": epoch.epoch, "intermediate_value": value});
                set(SET_INTERMEDIATE_VALUE, rest);
            }
        }
        let attributes = [
            ("trial", json!(trial.number)),
            ("combination", json!(trial.combination)),
            ("seed", json!(trial.seed)),
            ("run", json!(path)),
            ("best", json!(state.best)),
        ];
        for (name, value) in attributes {
            set(
                SET_TRIAL_USER_ATTRIBUTE,
                json!({"user_attr": {name: value}}),
            );
        }
        let best = state.best.map(|best| by.of_score(by.score(&best)));
        let (ended, values) = match (&state.stand, best) {
            (Stand::Failed { reason }, _) => {
                set(
                    SET_TRIAL_USER_ATTRIBUTE,
                    json!({"user_attr": {"fail_reason": reason}}),
                );
                (FAILED, Value::Null)
            }
            (stand, Some(best)) if stand.is_ended() => (COMPLETE, json!([best])),
            (_, Some(best)) if sweep.is_halted(trial) => (PRUNED, json!([best])),
            (stand, None) if stand.is_ended() => (FAILED, Value::Null),
            _ => return Ok(()),
        };
        let seconds: f64 = history.iter().map(|epoch| epoch.seconds).sum();
        let lasted = jiff::SignedDuration::try_from_secs_f64(seconds).unwrap_or_default();
        let completed = record.started.checked_add(lasted).unwrap_or(record.started);
        let rest = json!({"state": ended, "values": values, "datetime_complete": time(completed)});
        set(SET_STATE, rest);
        Ok(())
    }
}

/// A varied setting with its distribution.
struct Parameter {
    path: String,
    name: String,
    choices: Vec<String>,
    is_number: bool,
    /// A string of JSON, as the journal has it.
    distribution: String,
}

impl Parameter {
    fn of<'a>(varied: &Varied, index: usize, trials: impl Iterator<Item = &'a Trial>) -> Self {
        let path = varied.paths()[index].clone();
        let choices = varied.distinct(index, trials).into_iter();
        let choices: Vec<String> = choices.map(str::to_owned).collect();
        let numbers: Option<Vec<f64>> = choices.iter().map(|text| text.parse().ok()).collect();
        let distribution = match &numbers {
            Some(numbers) => of_numbers(
                numbers,
                choices.iter().all(|text| text.parse::<i64>().is_ok()),
            ),
            None => json!({"name": "CategoricalDistribution", "attributes": {"choices": choices}}),
        };
        Self {
            name: varied.names()[index].clone(),
            path,
            is_number: numbers.is_some(),
            choices,
            distribution: distribution.to_string(),
        }
    }

    /// What a trial has, as the operation that sets it says: a number, or the number of a choice.
    fn value(&self, text: &str) -> Value {
        let internal = match self.is_number {
            true => text
                .parse::<f64>()
                .map_or(Value::Null, |number| json!(number)),
            false => json!(self.choices.iter().position(|choice| choice == text)),
        };
        json!({"param_name": self.name, "param_value_internal": internal, "distribution": self.distribution})
    }
}

fn of_numbers(numbers: &[f64], are_whole: bool) -> Value {
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let log = low > 0.0 && high / low >= LOGARITHMIC;
    match are_whole {
        true => {
            json!({"name": "IntDistribution", "attributes": {"log": log, "step": 1, "low": low as i64, "high": high as i64}})
        }
        false => {
            json!({"name": "FloatDistribution", "attributes": {"log": log, "step": null, "low": low, "high": high}})
        }
    }
}
