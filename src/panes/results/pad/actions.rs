//! What can be done on the drawing pad.

use crossterm::event::KeyCode;

use super::{Pad, Tools, blocked};
use crate::lab::{Action, Lab};
use crate::panes::results::ResultsPane;
use crate::ui::Key;

/// The key that opens the pad, on the Results pane and from the palette.
pub fn open_action(lab: &Lab) -> Action<ResultsPane> {
    action(
        "pad.open",
        'd',
        (
            "draw",
            "the drawing pad: draw an image by keyboard and see at each stroke what the network takes it for",
        ),
        Pad::open,
    )
    .blocked_by(blocked(lab))
}

/// An action on the pad.
fn action(
    id: &'static str,
    key: impl Into<Key>,
    (name, help): (&str, &str),
    does: impl Fn(&mut Pad, &mut Lab) + 'static,
) -> Action<ResultsPane> {
    let does = move |pane: &mut ResultsPane, lab: &mut Lab| does(&mut pane.pad, lab);
    Action::new(id, key, name, help, does)
}

/// What can be done on the pad.
pub fn actions(pad: &Pad) -> Vec<Action<ResultsPane>> {
    let pen = match pad.is_pen_down() {
        true => "pen up",
        false => "pen down",
    };
    let is_read = pad.shown().is_some();
    let nothing = "nothing is drawn yet";
    let mut actions = vec![
        Action::cursor(
            "pad.go",
            "←↓↑→",
            "go",
            "move the pen; while it is down it draws",
            |pane: &mut ResultsPane, _: &mut Lab, motion| pane.pad.go(motion),
        ),
        action(
            "pad.pen",
            ' ',
            (
                pen,
                "put the pen down, or lift it; a stroke is one step of undo",
            ),
            |pad, _| pad.pen_up_or_down(),
        )
        .first(),
        action(
            "pad.undo",
            'u',
            ("undo", "take the last stroke back"),
            Pad::undo,
        )
        .first(),
        action(
            "pad.clear",
            'x',
            ("clear", "take all ink away"),
            |pad, _| pad.clear(),
        ),
        action(
            "pad.centre",
            'c',
            (
                "centre",
                "scale and move drawings as the makers of MNIST did before the network sees them, or leave them as they are",
            ),
            Pad::toggle_centre,
        ),
    ];
    let invert = action(
        "pad.invert",
        'i',
        (
            "invert",
            "exchange dark and bright, for dark ink on bright paper",
        ),
        |pad, _| pad.invert(),
    );
    actions.push(match pad.has_dark_ink() {
        true => invert,
        false => invert.quiet(),
    });
    if pad.tools.color().is_some() {
        actions.push(action(
            "pad.color",
            'p',
            ("colour", "the next colour of ink"),
            |pad, _| pad.change_tool(|tools| tools.next_color()),
        ));
    }
    actions.extend(tool_actions());
    actions.extend([
        action(
            "pad.load",
            'o',
            (
                "load",
                "start from the image under the cursor of the View pane; pressed again, from the next one",
            ),
            Pad::load_image,
        ),
        action(
            "pad.activations",
            'a',
            (
                "activations",
                "pin the drawing as the network sees it, and show what each layer makes of it",
            ),
            Pad::look_inside,
        )
        .blocked_unless(is_read, nothing)
        .first(),
        action(
            "pad.keep",
            't',
            (
                "keep",
                "keep the drawing with its class, in a small test set of your own",
            ),
            |pad, lab| pad.ask_class(lab),
        )
        .blocked_unless(is_read, nothing)
        .first(),
        action(
            "pad.kept",
            'v',
            (
                "your drawings",
                "how the network reads the drawings that you keep, in place of the nearest training images",
            ),
            |pad, _| pad.shows_kept = !pad.shows_kept,
        )
        .first(),
        action(
            "pad.write",
            'w',
            (
                "write PNG",
                "write the drawing as drawing-1.png, or the next free number, in the folder in which the program was started",
            ),
            Pad::write,
        )
        .blocked_unless(!pad.canvas.is_blank(), nothing),
        action(
            "pad.redo",
            Key::ctrl('r'),
            ("redo", "do again what was undone last"),
            Pad::redo,
        )
        .quiet(),
        action(
            "pad.back",
            KeyCode::Esc,
            ("back", "leave the pad; the drawing stays"),
            |pad, _| pad.close(),
        ),
    ]);
    actions
}

/// Brush and ink, and what is drawn with them at once.
fn tool_actions() -> [Action<ResultsPane>; 7] {
    type Step = fn(&mut Tools, bool) -> Result<(), &'static str>;
    let step = |step: Step, up| {
        move |pad: &mut Pad, lab: &mut Lab| {
            if let Err(end) = pad.change_tool(|tools| step(tools, up)) {
                lab.refuse(end);
            }
        }
    };
    let size = |larger| step(Tools::step_size, larger);
    let level = |more| step(Tools::step_level, more);
    let erase = |pad: &mut Pad, _: &mut Lab| {
        pad.change_tool(|tools| tools.is_erasing = !tools.is_erasing);
    };
    [
        action(
            "pad.larger",
            '+',
            ("larger brush", "a larger brush"),
            size(true),
        )
        .or('=')
        .quiet(),
        action(
            "pad.smaller",
            '-',
            ("smaller brush", "a smaller brush"),
            size(false),
        )
        .quiet(),
        action(
            "pad.more_ink",
            '>',
            ("more ink", "stronger ink"),
            level(true),
        )
        .or('.')
        .quiet(),
        action(
            "pad.less_ink",
            '<',
            ("less ink", "fainter ink"),
            level(false),
        )
        .or(',')
        .quiet(),
        action(
            "pad.eraser",
            'e',
            ("eraser", "draw with the eraser, or with ink again"),
            erase,
        ),
        action(
            "pad.line",
            's',
            (
                "line",
                "begin a straight line here; pressed again, draw it to here",
            ),
            |pad, _| pad.line(),
        ),
        action(
            "pad.fill",
            'f',
            (
                "fill",
                "fill what is connected with the pixel under the pen",
            ),
            |pad, _| pad.fill(),
        ),
    ]
}
