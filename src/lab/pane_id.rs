//! The panes by name, and the parts that the focus moves through.

use crate::ui::around;

/// Every pane, in the order of their numbers: its name, its folder in `panes/` and its type, the parts that Tab cycles through, and a short
/// description. Code for all panes is generated from this list.
macro_rules! panes {
    ($make:ident) => {
        $make! {
            Data: data::DataPane [Sets, Classes] "the loaded sets with classes and counts; open, fetch or make others";
            View: view::ViewPane [Images] "the images of the chosen set";
            Network: network::NetworkPane [Layers, Picture] "the layers, their shapes and parameters";
            Train: train::TrainPane [Accuracy, Loss, Progress] "train the network and watch the curves";
            Results: results::ResultsPane [Confusion, PerClass] "which classes the network confuses";
            Activations: activations::ActivationsPane [Maps, Image] "the feature maps of every layer for an image";
        }
    };
}
pub(crate) use panes;

macro_rules! ids {
    ($($id:ident: $folder:ident::$pane:ident [$($part:ident),+] $about:literal;)+) => {
        /// A pane, in the order of their numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PaneId {
            $($id),+
        }

        /// A part of a pane that can have the focus and fill the screen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Part {
            $($($part),+),+
        }

        impl PaneId {
            pub const ALL: &[Self] = &[$(Self::$id),+];

            /// Its title in the tab bar.
            pub fn title(self) -> &'static str {
                [$(stringify!($id)),+][self as usize]
            }

            /// A short description.
            pub fn about(self) -> &'static str {
                [$($about),+][self as usize]
            }

            /// The id of the action that shows it, such as `pane.data`.
            pub fn action(self) -> &'static str {
                [$(concat!("pane.", stringify!($folder))),+][self as usize]
            }

            /// The parts that can have the focus, in Tab order.
            pub fn parts(self) -> &'static [Part] {
                [$(&[$(Part::$part),+][..]),+][self as usize]
            }
        }
    };
}
panes!(ids);

impl PaneId {
    /// The pane `steps` to the right, wrapping around.
    pub fn step(self, steps: isize) -> Self {
        Self::ALL[around(self as usize, steps, Self::ALL.len())]
    }
}
