//! When to measure how fast the network on the screen trains.

use super::super::lab::Lab;
use super::super::pace::Measured;
use super::super::pane_id::PaneId;
use crate::network::NetworkSummary;
use crate::training::Pace;
use crate::worker::{Command, MeasureRequest};

/// Asks for a measurement of the network on the Network pane, if it is not known and none is under way.
pub(super) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    if lab.is_training() {
        // A training that begins ends a measurement without an answer.
        lab.pace.asked = None;
        return;
    }
    if lab.pane != PaneId::Network {
        return;
    }
    let Some(query) = lab.pace_query() else {
        return;
    };
    let is_known = lab.pace.known.as_ref().map(|known| &known.query) == Some(&query);
    let is_asked = lab.pace.asked.as_ref().map(|(_, asked)| asked) == Some(&query);
    if is_known || is_asked {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::Measure(MeasureRequest {
        request,
        network: query.network.clone(),
        recipe: query.recipe.clone(),
        dataset: query.dataset.clone(),
    }));
    lab.pace.asked = Some((request, query));
}

/// Takes an answer in, if it is to the latest request.
pub(super) fn measured(lab: &mut Lab, request: u64, pace: Result<Pace, String>) {
    let Some((_, query)) = lab.pace.asked.take_if(|(asked, _)| *asked == request) else {
        return;
    };
    let summary = NetworkSummary::new(&query.network);
    lab.pace.known = Some(Measured {
        query,
        multiply_accumulates: summary.multiply_accumulates,
        pace,
    });
}
