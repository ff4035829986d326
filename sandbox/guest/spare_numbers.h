/* Floats and ints that nobody needs any longer, kept to be made anew.
 *
 * Theory of operation. A loop in Python makes and drops a number at each step. Here one
 * that is dropped goes to the head of a list, linked through its type, and the next one
 * that is made comes from there: no way through the allocator and no call through a
 * table of functions. CPython does so for floats, and from 3.14 on for ints of one
 * digit; this is for ints of two digits also (up to 2^60), where a sum soon is.
 *
 * A list for ints of so many digits has blocks that hold as many or more. There is one
 * interpreter and one thread, so the lists are plain variables (in longobject.c).
 * xtask/src/guest/python_patches.rs puts this file among CPython's own headers.
 */
#ifndef GRADIEN_SPARE_NUMBERS_H
#define GRADIEN_SPARE_NUMBERS_H

#include "opcode.h" /* NB_ADD and the like */

/* As many as CPython keeps floats. */
#define GRADIEN_MOST_SPARE 100

struct gradien_spare {
    PyObject *first;
    int count;
};

extern struct gradien_spare gradien_spare_floats;
/* Of at most one digit, and of two. */
extern struct gradien_spare gradien_spare_ints[2];

/* A block with one reference and no type yet, or NULL. */
static inline PyObject *
gradien_take_spare(struct gradien_spare *spare)
{
    PyObject *block = spare->first;
    if (block != NULL) {
        spare->first = (PyObject *)block->ob_type;
        spare->count--;
        block->ob_refcnt = 1;
    }
    return block;
}

/* Whether there was room. */
static inline int
gradien_keep_spare(struct gradien_spare *spare, PyObject *block)
{
    if (spare->count >= GRADIEN_MOST_SPARE) {
        return 0;
    }
    spare->count++;
    block->ob_type = (PyTypeObject *)spare->first;
    spare->first = block;
    return 1;
}

/* The end of an int that is of no subclass. */
static inline void
gradien_drop_int(PyObject *op)
{
    size_t digits = ((PyLongObject *)op)->long_value.lv_tag >> _PyLong_NON_SIZE_BITS;
    if (digits > 2 || !gradien_keep_spare(&gradien_spare_ints[digits == 2], op)) {
        PyObject_Free(op);
    }
}

/* The end of a float that is of no subclass. */
static inline void
gradien_drop_float(PyObject *op)
{
    if (!gradien_keep_spare(&gradien_spare_floats, op)) {
        PyObject_Free(op);
    }
}

/* The value of an int of at most two digits; whether it is one. */
static inline int
gradien_int_value(PyLongObject *op, int64_t *value)
{
    size_t tag = op->long_value.lv_tag;
    size_t digits = tag >> _PyLong_NON_SIZE_BITS;
    if (digits > 2) {
        return 0;
    }
    int64_t size = op->long_value.ob_digit[0];
    if (digits == 2) {
        size |= (int64_t)op->long_value.ob_digit[1] << PyLong_SHIFT;
    }
    /* 2 stands for less than 0. */
    *value = (tag & _PyLong_SIGN_MASK) == 2 ? -size : size;
    return 1;
}

/* A float, or an int of one digit, as a double; whether it is one of them. */
static inline int
gradien_is_plain_number(PyObject *op, double *value)
{
    if (PyFloat_CheckExact(op)) {
        *value = ((PyFloatObject *)op)->ob_fval;
        return 1;
    }
    if (PyLong_CheckExact(op) && _PyLong_IsCompact((PyLongObject *)op)) {
        *value = (double)_PyLong_CompactValue((PyLongObject *)op);
        return 1;
    }
    return 0;
}

/* What the functions of the types would give for a float and a float or an int of one
 * digit, or for the quotient of two such ints (exact as doubles, so that it is rounded
 * once). NULL without an exception where it is something else, or an error to tell. */
static inline PyObject *
gradien_float_operation(PyObject *lhs, PyObject *rhs, int operation)
{
    double a, b;
    int divide = operation == NB_TRUE_DIVIDE || operation == NB_INPLACE_TRUE_DIVIDE;
    if (!PyFloat_CheckExact(lhs) && !PyFloat_CheckExact(rhs) && !divide) {
        return NULL;
    }
    if (!gradien_is_plain_number(lhs, &a) || !gradien_is_plain_number(rhs, &b)) {
        return NULL;
    }
    switch (operation) {
    case NB_ADD:
    case NB_INPLACE_ADD:
        a += b;
        break;
    case NB_SUBTRACT:
    case NB_INPLACE_SUBTRACT:
        a -= b;
        break;
    case NB_MULTIPLY:
    case NB_INPLACE_MULTIPLY:
        a *= b;
        break;
    default:
        if (!divide || b == 0.0) {
            return NULL;
        }
        a /= b;
    }
    PyObject *result = PyFloat_FromDouble(a);
    if (result == NULL) {
        /* The general way raises it. */
        PyErr_Clear();
    }
    return result;
}

#endif
