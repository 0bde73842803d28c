"""Device templates of ACME meters; the files lie beside this one."""
