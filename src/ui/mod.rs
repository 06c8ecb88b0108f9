//! The screen: styles, widgets and panes over the lab's state.

pub mod theme;
pub mod widgets;
