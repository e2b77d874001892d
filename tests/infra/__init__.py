"""Tests of the template as data, without an account, an emulator or SAM."""
