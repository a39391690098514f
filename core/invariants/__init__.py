"""What must be true of everything that is stored, as pure checks over plain values. ``istmo doctor`` runs them."""
