//! What the Activations pane asks the worker for, and the answers.

use super::{epochs, health, put_map};
use crate::analysis::{AscentSettings, Place};
use crate::lab::Phase;
use crate::state::activations::{Activations, Depth, ExciteQuery, MapQuery, OriginQuery};
use crate::state::lab::Lab;
use crate::state::pane_id::PaneId;
use crate::worker::{
    Command, ExciteRequest, Excited, FeatureMapRequest, FoundOrigin, OriginRequest, ShownMaps,
};

/// Images that are searched for a filter.
const EXCITING_IMAGES: usize = 9;

/// Asks for what the pane shows and that was not asked for.
pub(in crate::state::update) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    if lab.pane != PaneId::Activations {
        return;
    }
    if lab.health.is_open {
        return health::ask(lab, commands);
    }
    let latest = epochs(lab);
    if lab
        .activations
        .epoch
        .is_some_and(|epoch| !latest.contains(&epoch))
    {
        lab.activations.epoch = None;
    }
    let Some(query) = map_query(lab) else { return };
    ask_maps(lab, query.clone(), commands);
    match lab.activations.depth {
        Depth::Maps => {}
        Depth::Map | Depth::Products => ask_origin(lab, query, commands),
        Depth::Exciting => ask_excited(lab, query, commands),
    }
}

/// Activations cost a pass through the network, so they are asked for only while they are looked at.
fn map_query(lab: &Lab) -> Option<MapQuery> {
    if lab.look_blocked().is_some() {
        return None;
    }
    let layer = lab.activations.layer;
    let weights = lab.looked_weights();
    let is_training = weights.epoch.is_none()
        && lab
            .run_of_network()
            .is_some_and(|run| run.phase == Phase::Training);
    Some(MapQuery {
        layer_name: lab.summary.layers.get(layer)?.name.clone(),
        stamp: lab.weights_version(),
        weights,
        subject: lab.subject()?,
        layer,
        live: is_training.then_some(lab.activations.live_answers),
    })
}

fn ask_maps(lab: &mut Lab, query: MapQuery, commands: &mut Vec<Command>) {
    let asked = lab.activations.asked.as_ref().map(|(_, asked)| asked);
    if asked == Some(&query) {
        return;
    }
    // What differs in nothing but the weights under training can wait for them.
    let is_next = |asked: &MapQuery| {
        asked.live.is_some()
            && query.live.is_some()
            && MapQuery {
                live: query.live,
                stamp: query.stamp,
                ..asked.clone()
            } == query
    };
    let live = asked.is_some_and(is_next);
    let request = lab.next_request();
    commands.push(Command::FeatureMaps(FeatureMapRequest {
        request,
        weights: query.weights.clone(),
        subject: query.subject.clone(),
        layer: query.layer,
        live,
    }));
    lab.activations.asked = Some((request, query));
}

fn ask_origin(lab: &mut Lab, maps: MapQuery, commands: &mut Vec<Command>) {
    let (row, column) = lab.activations.place;
    let Some(shape) = lab.activations.shape() else {
        return;
    };
    let place = Place {
        row: row.min(shape.height.saturating_sub(1)),
        column: column.min(shape.width.saturating_sub(1)),
        channel: lab.activations.map,
    };
    let query = OriginQuery { maps, place };
    let asked = lab.activations.asked_origin.as_ref();
    if asked.is_some_and(|(_, asked)| *asked == query) {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::Origin(OriginRequest {
        request,
        weights: query.maps.weights.clone(),
        subject: query.maps.subject.clone(),
        layer: query.maps.layer,
        place,
    }));
    lab.activations.asked_origin = Some((request, query));
}

fn ask_excited(lab: &mut Lab, maps: MapQuery, commands: &mut Vec<Command>) {
    let Some(set) = lab.chosen_set().filter(|set| set.shape == lab.preset.input) else {
        return;
    };
    let query = ExciteQuery {
        dataset: set.name.clone(),
        split: lab.activations.split,
        weights: maps.weights,
        stamp: maps.stamp,
        layer: maps.layer,
        filter: lab.activations.map,
    };
    let asked = lab.activations.asked_excited.as_ref();
    if asked.is_some_and(|(_, asked)| *asked == query) {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::Excite(ExciteRequest {
        request,
        weights: query.weights.clone(),
        dataset: query.dataset.clone(),
        split: query.split,
        layer: query.layer,
        filter: query.filter,
        images: EXCITING_IMAGES,
        ascent: AscentSettings::default(),
    }));
    lab.activations.excited = None;
    lab.activations.asked_excited = Some((request, query));
}

/// Takes maps in.
pub(in crate::state::update) fn maps_came(lab: &mut Lab, maps: ShownMaps) {
    let asked = lab.activations.asked.as_ref();
    let Some((_, query)) = asked.filter(|(asked, _)| *asked == maps.request) else {
        return;
    };
    let query = query.clone();
    if query.live.is_some() {
        lab.activations.live_answers += 1;
    }
    let channels = maps.maps.shape.channels;
    lab.activations.shown = Some(Activations {
        subject: query.subject,
        layer: query.layer,
        layer_name: query.layer_name,
        trained_epochs: maps.trained_epochs,
        batches: maps.batches,
        label: maps.label,
        pixels: maps.pixels,
        input: maps.input,
        maps: maps.maps,
    });
    if lab.activations.map >= channels {
        put_map(lab, 0);
    }
}

pub(in crate::state::update) fn origin_came(lab: &mut Lab, found: FoundOrigin) {
    let asked = lab.activations.asked_origin.as_ref();
    if asked.is_some_and(|(asked, _)| *asked == found.request) {
        lab.activations.origin = Some(found);
    }
}

pub(in crate::state::update) fn excited_came(lab: &mut Lab, excited: Excited) {
    let asked = lab.activations.asked_excited.as_ref();
    if asked.is_some_and(|(asked, _)| *asked == excited.request) {
        lab.activations.excited = Some(excited);
    }
}
