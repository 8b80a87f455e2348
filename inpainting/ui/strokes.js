// The strokes as a PNG, its alpha the paint; "" when the painter cannot be read.
// They are read from the painter's own layers, for its value as Gradio sends it holds the photo
// too, twice, as PNG: with a preview of 1600 pixels 4 to 7 s from press to result, not 0.5 to 1,
// and megabytes up for each press, not 50 kB.
(strokes, ...others) => {
  try {
    const { width, height, app, layer_manager } = window.editor;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    for (const { id } of layer_manager.get_layers()) {
      const { draw } = layer_manager.get_layer_textures(id);
      const layer = app.renderer.extract.canvas({ target: draw, resolution: 1 }); // not the screen's
      canvas.getContext("2d").drawImage(layer, 0, 0, width, height);
    }
    return [canvas.toDataURL("image/png"), ...others];
  } catch (error) {
    console.warn("The strokes cannot be read:", error);
    return ["", ...others];
  }
};
