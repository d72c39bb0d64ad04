"""Rows become answers: results, concordance, checker, completion and their pages."""
