"""The commands of ``istmo``. Each module is imported only when its command runs."""
