//! The network's health: its keys, what it asks the worker for, and the answers.

use super::epochs;
use crate::state::health::{HealthQuery, Quantity};
use crate::state::lab::Lab;
use crate::ui::Motion;
use crate::worker::{Command, EpochHealth, HealthRequest};

pub(super) fn go(lab: &mut Lab, motion: Motion) {
    let layers = lab.summary.layers.len();
    let health = &mut lab.health;
    match motion {
        Motion::Left | Motion::Right => {
            let all = Quantity::ALL;
            let at = all.iter().position(|one| *one == health.quantity);
            let next = motion.along(at.unwrap_or(0), all.len(), 1);
            health.quantity = all[next];
        }
        _ => health.layer = motion.along(health.layer, layers, 5),
    }
}

pub(super) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    if lab.look_blocked().is_some() && lab.misfit().is_some() {
        return;
    }
    let run = lab.run_of_network();
    let of_run = run.map(|run| run.in_use.set.dataset.clone());
    let Some(dataset) = of_run.or_else(|| lab.chosen_set().map(|set| set.name.clone())) else {
        return;
    };
    let query = HealthQuery {
        network: lab.titled_network(),
        seed: lab.preset.seed,
        dataset,
        run: lab.run_of_weights().map(|run| run.facts.run),
    };
    let latest = run.map_or(0, |run| run.history.len());
    let mut wanted = epochs(lab);
    if wanted.is_empty() {
        wanted.push(latest);
    }
    let is_same = lab
        .health
        .asked
        .as_ref()
        .is_some_and(|(asked, _, _)| *asked == query);
    if !is_same {
        lab.health.epochs.clear();
    }
    let known = |epoch: &usize| {
        let mut known = lab.health.epochs.iter();
        known.any(|one| one.epoch == *epoch)
    };
    wanted.retain(|epoch| !known(epoch));
    let is_asked = is_same
        && lab
            .health
            .asked
            .as_ref()
            .is_some_and(|(_, _, epochs)| wanted.iter().all(|epoch| epochs.contains(epoch)));
    if wanted.is_empty() || is_asked {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::Health(HealthRequest {
        request,
        network: query.network.clone(),
        seed: query.seed,
        keep_weights: query.run.is_some(),
        dataset: query.dataset.clone(),
        epochs: wanted.clone(),
    }));
    lab.health.asked = Some((query, request, wanted));
}

pub(in crate::state::update) fn came(lab: &mut Lab, health: EpochHealth) {
    let asked = lab.health.asked.as_ref();
    if asked.is_none_or(|(_, asked, _)| *asked != health.request) {
        return;
    }
    let epochs = &mut lab.health.epochs;
    let place = epochs.partition_point(|one| one.epoch < health.epoch);
    if epochs
        .get(place)
        .is_some_and(|one| one.epoch == health.epoch)
    {
        epochs[place] = health;
    } else {
        epochs.insert(place, health);
    }
}
