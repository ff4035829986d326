import numpy as np
import solution


def final_state(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    """Feeds the rows of x to the student's cell, one step after the other."""
    for x_t in x:
        after = solution.gru_cell(x_t, h, W_z, W_r, W_h, b_z, b_r, b_h)
        if np.shape(after) != np.shape(h):
            # No state to go on with. Handing it back lets the usual checks say
            # what is wrong with it.
            return after
        h = after
    return h
