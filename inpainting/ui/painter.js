// A photo goes into the painter: wait until it is there, then see that it stays. It is not to be
// undone: else one Undo too many takes it away, and what is painted then fits no photo.
async () => {
  const history = window.editor?.command_manager;
  for (let tries = 0; history && tries < 100; tries += 1) {
    if (history.contains("AddImage")) return history.reset();
    await new Promise((go) => setTimeout(go, 50));
  }
};
