//! Which explanation the Activations pane needs.

use super::super::explaining::ExplainQuery;
use super::super::form::MethodForm;
use super::super::lab::{Lab, Notice};
use super::super::overlay::Overlay;
use super::super::pane_id::PaneId;
use crate::analysis::explain::EXPLANATIONS;
use crate::worker::{Command, ExplainRequest, Explained};

/// The next method, and after the last none.
pub(super) fn next_method(lab: &mut Lab) {
    let next = lab.explaining.method.map_or(0, |method| method + 1);
    lab.explaining.method = (next < EXPLANATIONS.len()).then_some(next);
    // A method names itself below the image, which a sentence here could cover.
    if lab.explaining.method.is_none() {
        lab.say(Notice::Information, "The image alone.");
    }
}

/// Asks about the class after or before the one that is explained now.
pub(super) fn step_class(lab: &mut Lab, forward: bool) {
    let explained = lab.explaining.shown.as_ref();
    let explained = explained.map(|(_, explained)| explained.explanation.class);
    let classes = lab.preset.classes.max(1);
    let now = lab.explaining.class.or(explained).unwrap_or(0);
    let step = if forward { 1 } else { classes - 1 };
    lab.explaining.class = Some((now + step) % classes);
}

pub(super) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    let Some(method) = lab.explaining.current() else {
        return;
    };
    if lab.pane != PaneId::Activations || lab.look_blocked().is_some() {
        return;
    }
    let Some(subject) = lab.subject() else { return };
    let classes = lab.preset.classes;
    let query = ExplainQuery {
        weights: lab.looked_weights(),
        subject,
        method,
        class: lab.explaining.class.filter(|class| *class < classes),
        stamp: lab.weights_version(),
    };
    let asked = lab.explaining.asked.as_ref();
    if asked.is_some_and(|(_, asked)| *asked == query) {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::Explain(ExplainRequest {
        request,
        weights: query.weights.clone(),
        subject: query.subject.clone(),
        method: query.method.clone(),
        class: query.class,
    }));
    lab.explaining.asked = Some((request, query));
}

/// Opens the form of the method's settings.
pub(super) fn ask_settings(lab: &mut Lab) {
    if let Some(method) = lab.explaining.current() {
        lab.overlay = Some(Overlay::Method(Box::new(MethodForm::new(method))));
    }
}

/// Takes the form's settings over, unless one of them is not legal.
pub(super) fn take_settings(lab: &mut Lab, form: Box<MethodForm>) {
    if form.refusal().is_none() {
        lab.explaining.change(form.draft);
    } else {
        lab.overlay = Some(Overlay::Method(form));
    }
}

/// Takes an answer in.
pub(super) fn explained(lab: &mut Lab, explained: Explained) {
    let asked = lab.explaining.asked.as_ref();
    if let Some((_, query)) = asked.filter(|(request, _)| *request == explained.request) {
        lab.explaining.shown = Some((query.clone(), explained));
    }
}
