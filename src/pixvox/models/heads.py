"""How much of a pretrained base learns with the head that is put on it."""

from keras import layers


def unfreeze(conv_base, first):
    """Make the layers of a base trainable from the one of that name on; None freezes all.

    Batch normalisations stay frozen: in training, those that are not move their averages to the batch's, also
    where the base is called with `training=False` (Keras 3.15, https://github.com/keras-team/keras/issues/20285).

    Raises:
        ValueError: there is no layer of that name.
    """
    if first is not None:
        conv_base.get_layer(first)
    conv_base.trainable, found = True, False
    for layer in conv_base.layers:
        found = found or layer.name == first
        layer.trainable = found and not isinstance(layer, layers.BatchNormalization)
        if layer.trainable and getattr(layer, "layers", ()):  # a model: its normalisations stay frozen too
            unfreeze(layer, layer.layers[0].name)
