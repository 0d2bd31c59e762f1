"""Groups: the list, one group, and the steps that create, rename and delete one."""
