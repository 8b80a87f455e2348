// A photo has come into the painter. It is not to be undone: else one Undo too many takes it away.
// Strokes that came with it are laid over it now and not as the painter's value: given together,
// the painter may take the strokes first, and sizes them by the photo before.
(strokes) => {
  window.editor.command_manager.reset();
  if (strokes) window.editor.add_layers_from_url([strokes]);
};
