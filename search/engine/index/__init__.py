"""The files of an index: generations, columns, suffix array, and what is read from them."""
