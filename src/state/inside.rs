//! What a person does on the Activations pane.

/// Something done on the Activations pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsideMessage {
    /// Holds the image that is shown, or lets the held one go.
    PinOrUnpin,
    NextMap,
    PreviousMap,
    /// Each map by its own range, or all by their layer's.
    ToggleRange,
    /// The weights of the epoch before, of those that are kept.
    EarlierEpoch,
    LaterEpoch,
    /// What excites the filter of the enlarged map.
    Excite,
    /// How the network is, or its maps again.
    Health,
}
